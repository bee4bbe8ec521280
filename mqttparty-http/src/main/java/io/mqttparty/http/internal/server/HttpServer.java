package io.mqttparty.http.internal.server;

import io.mqttparty.http.internal.downlink.Downlink;
import io.mqttparty.http.spi.DownlinkCounter;
import io.mqttparty.model.MqttPartyException;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The server: one listener, its connections, and their end. Started once, stopped once. */
public final class HttpServer {
    private static final Logger LOG = System.getLogger("io.mqttparty.http.downlink");

    /** An event loop does next to nothing for a request. */
    private static final int THREADS = 2;

    private static final int BACKLOG = 1024;

    /** How much of a body is read that goes nowhere, so that the connection can be kept. */
    private static final int REFUSED_BODY_BYTES = 64 * 1024;

    private final ServerSettings settings;
    private final Downlink downlink;
    private final Set<HttpConnection> connections = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private @Nullable EventLoopGroup group;
    private volatile @Nullable Channel listener;
    private volatile boolean stopping;

    /** Opens nothing yet. */
    public HttpServer(ServerSettings settings, Downlink downlink) {
        this.settings = settings;
        this.downlink = downlink;
    }

    // ---- start ----

    /** Binds. Fails with {@link MqttPartyException} if it cannot. */
    public synchronized CompletionStage<Void> start() {
        CompletableFuture<Void> bound = new CompletableFuture<>();
        if (stopping) {
            bound.completeExceptionally(new MqttPartyException(name() + ": stopped before it was started"));
            return bound;
        }
        InetSocketAddress address;
        try {
            address = new InetSocketAddress(InetAddress.getByName(settings.host()), settings.port());
        } catch (UnknownHostException e) {
            bound.completeExceptionally(new MqttPartyException(name() + ": cannot bind: unknown host", e));
            return bound;
        }
        EventLoopGroup loops = settings.group().orElseGet(HttpServer::newGroup);
        group = loops;
        ChannelFuture binding = new ServerBootstrap()
                .group(loops)
                .channelFactory(NioServerSocketChannel::new)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ConnectionSetup(this))
                .bind(address);
        binding.addListener(done -> {
            if (done.isSuccess()) {
                listener = binding.channel();
                LOG.log(Level.INFO, name() + ": open on port " + port());
                bound.complete(null);
            } else {
                bound.completeExceptionally(new MqttPartyException(
                        name() + ": cannot bind: " + done.cause().getMessage(), done.cause()));
            }
        });
        return bound;
    }

    private static EventLoopGroup newGroup() {
        return new MultiThreadIoEventLoopGroup(
                THREADS, new DefaultThreadFactory("mqttparty-http-downlink", true), NioIoHandler.newFactory());
    }

    private String name() {
        return "http downlink on " + settings.host() + ":" + settings.port();
    }

    /** The port, once started; 0 before. */
    public int port() {
        Channel open = listener;
        return open != null && open.localAddress() instanceof InetSocketAddress address ? address.getPort() : 0;
    }

    // ---- end ----

    /** Takes no connection, answers what runs, for a while, and closes. The same stage for every call. */
    public synchronized CompletionStage<Void> stop() {
        EventLoopGroup loops = group;
        if (stopping) {
            return stopped;
        }
        stopping = true;
        if (loops == null) {
            stopped.complete(null);
            return stopped;
        }
        Channel open = listener;
        if (open != null) {
            var unused = open.close();
        }
        connections.forEach(connection -> connection.onLoop(connection::stop));
        var unused = loops.next()
                .schedule(
                        () -> connections.forEach(connection -> connection.onLoop(connection::stopNow)),
                        settings.stopTime().toMillis(),
                        TimeUnit.MILLISECONDS);
        endWhenEmpty();
        return stopped;
    }

    private void endWhenEmpty() {
        if (stopping && connections.isEmpty()) {
            EventLoopGroup loops = group;
            if (loops != null && settings.group().isEmpty()) {
                loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).addListener(done -> stopped.complete(null));
            } else {
                stopped.complete(null);
            }
        }
    }

    // ---- for the connections ----

    /** Takes a connection if there is room. */
    boolean add(HttpConnection connection) {
        if (stopping || connections.size() >= settings.connections()) {
            count(DownlinkCounter.CONNECTIONS_REFUSED);
            return false;
        }
        count(DownlinkCounter.CONNECTIONS_OPENED);
        connections.add(connection);
        return true;
    }

    void remove(HttpConnection connection) {
        connections.remove(connection);
        endWhenEmpty();
    }

    void execute(ChannelHandlerContext ctx, Runnable task, Runnable otherwise) {
        try {
            ctx.executor().execute(task);
        } catch (RejectedExecutionException e) {
            otherwise.run();
        }
    }

    ServerSettings settings() {
        return settings;
    }

    Downlink downlink() {
        return downlink;
    }

    boolean isStopping() {
        return stopping;
    }

    int refusedBodyBytes() {
        return REFUSED_BODY_BYTES;
    }

    void count(DownlinkCounter counter) {
        downlink.count(counter);
    }

    /** How many connections are open. */
    public int connections() {
        return connections.size();
    }
}
