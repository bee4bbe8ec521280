package io.mqttparty.netty;

import io.mqttparty.model.MqttPartyException;
import io.mqttparty.netty.internal.Binder;
import io.mqttparty.netty.internal.IoPlatform;
import io.mqttparty.netty.internal.ListenerConfig;
import io.mqttparty.netty.internal.PipelineStage;
import io.mqttparty.spi.transport.Listening;
import io.mqttparty.spi.transport.Transport;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * A TCP listener on Netty.
 *
 * <pre>{@code
 * MqttParty.builder().listener(NettyTransport.tcp(1883).host("127.0.0.1"))
 * }</pre>
 *
 * <p>Immutable: each method that sets something returns another transport, and checks its value at once. Nothing is opened before {@link
 * #listen}, which may be called for several brokers, each with sockets and threads of its own.
 *
 * <p>Connections have TCP_NODELAY and SO_KEEPALIVE, the listener SO_REUSEADDR. A peer that closes its half of the connection has closed it. If
 * the system cannot accept a connection, for instance because no file descriptor is left, the listener tries again every second.
 */
public final class NettyTransport implements Transport {
    private final Settings settings;

    private NettyTransport(Settings settings) {
        this.settings = settings;
    }

    /** A listener for MQTT over TCP on all addresses of the machine and this port; 0 takes any free one. */
    public static NettyTransport tcp(int port) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 0 to 65535)");
        }
        Settings settings = new Settings();
        settings.port = port;
        return new NettyTransport(settings);
    }

    /** The one local address, or the name of it, to listen on. All addresses by default. {@link #listen} looks a name up, and waits for that. */
    public NettyTransport host(String host) {
        if (host.isBlank()) {
            throw new IllegalArgumentException("host: blank (expected: an address or a name)");
        }
        return with(changed -> changed.host = Optional.of(host));
    }

    /** The short name of the listener in logs, in {@code ClientInfo} and in the names of its threads; {@code tcp} by default. */
    public NettyTransport name(String name) {
        if (!name.matches("[A-Za-z0-9._-]{1,32}")) {
            throw new IllegalArgumentException("name: " + name + " (expected: 1 to 32 of A-Z a-z 0-9 . _ -)");
        }
        return with(changed -> changed.name = name);
    }

    /**
     * Event loops to use instead of own ones. They stay open when the listener closes, and they decide between NIO and epoll. The listener takes
     * all of them. Close the broker before you end them.
     *
     * @throws IllegalArgumentException if the group is shut down, or made for neither NIO nor epoll
     * @throws IllegalStateException together with {@link #eventLoopThreads} or {@link #ioModel}
     */
    public NettyTransport eventLoops(EventLoopGroup group) {
        IoPlatform platform = IoPlatform.of(group)
                .filter(found -> !group.isShuttingDown())
                .orElseThrow(() -> new IllegalArgumentException(
                        "eventLoops: " + group.getClass().getName() + " (expected: an open group for NIO or epoll)"));
        if (settings.threads.isPresent() || settings.ioModel != IoModel.AUTO) {
            throw givenAndOwn();
        }
        return with(changed -> {
            changed.group = Optional.of(group);
            changed.groupPlatform = Optional.of(platform);
        });
    }

    /** How many event loops, each with one thread, the listener makes for itself; one per processor by default. */
    public NettyTransport eventLoopThreads(int threads) {
        if (threads < 1 || threads > 1024) {
            throw new IllegalArgumentException("eventLoopThreads: " + threads + " (expected: 1 to 1024)");
        }
        if (settings.group.isPresent()) {
            throw givenAndOwn();
        }
        return with(changed -> changed.threads = OptionalInt.of(threads));
    }

    /** How own event loops wait for sockets; {@link IoModel#AUTO} by default. Whether epoll can be had is found out by {@link #listen}. */
    public NettyTransport ioModel(IoModel model) {
        if (settings.group.isPresent()) {
            throw givenAndOwn();
        }
        return with(changed -> changed.ioModel = model);
    }

    private static IllegalStateException givenAndOwn() {
        return new IllegalStateException(
                "eventLoops: set together with eventLoopThreads or ioModel (expected: given loops or own ones)");
    }

    /** Where buffers come from; Netty's default by default. */
    public NettyTransport allocator(ByteBufAllocator allocator) {
        return with(changed -> changed.allocator = Optional.of(allocator));
    }

    /** How many connections the system keeps ready before they are accepted; the system's maximum by default, which also bounds it. */
    public NettyTransport backlog(int connections) {
        if (connections < 1) {
            throw new IllegalArgumentException("backlog: " + connections + " (expected: at least 1)");
        }
        return with(changed -> changed.backlog = OptionalInt.of(connections));
    }

    /**
     * The bytes that wait to be sent to one peer at which its connection stops being writable ({@code high}) and becomes it again ({@code low});
     * 32 KiB and 64 KiB by default.
     */
    public NettyTransport writeBufferWaterMark(int low, int high) {
        if (low < 0 || high < low || high == 0) {
            throw new IllegalArgumentException(
                    "writeBufferWaterMark: " + low + ", " + high + " (expected: 0 <= low <= high, high > 0)");
        }
        return with(changed -> changed.waterMark = Optional.of(new WriteBufferWaterMark(low, high)));
    }

    /**
     * How many connections may be open; 100,000 by default. Then the listener accepts no more until one of them closes: the next ones wait in the
     * system's backlog.
     */
    public NettyTransport maxConnections(int connections) {
        if (connections < 1) {
            throw new IllegalArgumentException("maxConnections: " + connections + " (expected: at least 1)");
        }
        return with(changed -> changed.maxConnections = connections);
    }

    /** Demands the PROXY protocol of every connection. Without it no header is understood. */
    public NettyTransport proxyProtocol(ProxyProtocol proxyProtocol) {
        return with(changed -> changed.proxyProtocol = Optional.of(proxyProtocol));
    }

    @Override
    public String name() {
        return settings.name;
    }

    /**
     * Opens the listener. The stage completes on one of its event loops. It fails with a {@link MqttPartyException} such as {@code tcp listener
     * 127.0.0.1:1883: cannot bind: Address already in use}.
     */
    @Override
    public CompletionStage<Listening> listen(Acceptor acceptor) {
        Optional<IoPlatform> platform = settings.groupPlatform.or(this::ownPlatform);
        return platform.isPresent()
                ? new Binder(config(platform.get())).bind(acceptor)
                : CompletableFuture.failedFuture(new MqttPartyException(settings.name
                        + " listener: epoll is not available (its jars are missing, or this is not Linux)"));
    }

    private Optional<IoPlatform> ownPlatform() {
        return switch (settings.ioModel) {
            case AUTO -> IoPlatform.epoll().or(() -> Optional.of(IoPlatform.nio()));
            case NIO -> Optional.of(IoPlatform.nio());
            case EPOLL -> IoPlatform.epoll();
        };
    }

    private ListenerConfig config(IoPlatform platform) {
        return new ListenerConfig(
                settings.name,
                settings.host,
                settings.port,
                platform,
                settings.group,
                settings.threads.orElseGet(Runtime.getRuntime()::availableProcessors),
                settings.allocator,
                settings.backlog,
                settings.waterMark,
                settings.maxConnections,
                settings.proxyProtocol
                        .<List<PipelineStage>>map(proxy -> List.of(proxy.stage()))
                        .orElse(List.of()));
    }

    private NettyTransport with(Consumer<Settings> change) {
        Settings changed = settings.copy();
        change.accept(changed);
        return new NettyTransport(changed);
    }
}
