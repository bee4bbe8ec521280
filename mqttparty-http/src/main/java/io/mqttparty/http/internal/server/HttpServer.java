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

    private static final String STOPPED = "stopped before it was started";

    private static final int BACKLOG = 1024;

    /** How much of a body is read that goes nowhere, so that the connection can be kept. */
    private static final int REFUSED_BODY_BYTES = 64 * 1024;

    private final ServerSettings settings;
    private final Downlink downlink;
    private final Set<HttpConnection> connections = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private volatile @Nullable Listening listening;
    private volatile boolean stopping;
    private volatile boolean released;

    /**
     * What a start has begun.
     *
     * @param loops the event loops, given or its own
     * @param binding done when the port is bound, or cannot be
     */
    private record Listening(EventLoopGroup loops, ChannelFuture binding) {}

    /** Opens nothing yet. */
    public HttpServer(ServerSettings settings, Downlink downlink) {
        this.settings = settings;
        this.downlink = downlink;
    }

    // ---- start ----

    /** Binds. Fails with {@link MqttPartyException} if it cannot, or is stopped before. */
    public CompletionStage<Void> start() {
        try {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(settings.host()), settings.port());
            return bind(address);
        } catch (UnknownHostException e) {
            return failed("cannot bind: unknown host", e);
        }
    }

    private synchronized CompletionStage<Void> bind(InetSocketAddress address) {
        if (stopping) {
            return failed(STOPPED, null);
        }
        if (listening != null) {
            return failed("started twice (expected: once)", null);
        }
        EventLoopGroup loops = settings.group().orElseGet(HttpServer::newGroup);
        if (loops.isShuttingDown()) { // it may never say so itself
            return failed("cannot bind: the event loops are shut down", null);
        }
        ChannelFuture binding = new ServerBootstrap()
                .group(loops)
                .channelFactory(NioServerSocketChannel::new)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ConnectionSetup(this))
                .bind(address);
        listening = new Listening(loops, binding);
        CompletableFuture<Void> bound = new CompletableFuture<>();
        binding.addListener(done -> onBound(binding, bound));
        return bound;
    }

    private void onBound(ChannelFuture binding, CompletableFuture<Void> bound) {
        Throwable failure = binding.cause();
        if (failure != null) {
            bound.completeExceptionally(failure("cannot bind: " + failure.getMessage(), failure));
        } else if (stopping) {
            bound.completeExceptionally(failure(STOPPED, null));
        } else {
            LOG.log(Level.INFO, name() + ": open on port " + port());
            bound.complete(null);
        }
    }

    private CompletionStage<Void> failed(String why, @Nullable Throwable cause) {
        return CompletableFuture.failedFuture(failure(why, cause));
    }

    private MqttPartyException failure(String why, @Nullable Throwable cause) {
        return new MqttPartyException(name() + ": " + why, cause);
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
        Listening open = listening;
        return open != null && open.binding().channel().localAddress() instanceof InetSocketAddress address
                ? address.getPort()
                : 0;
    }

    // ---- end ----

    /**
     * Takes no connection, answers what runs, for a while, and closes; a start that has not bound yet does not bind, or gives the port back. The same stage for every call: it is
     * complete when port and connections are closed.
     */
    public synchronized CompletionStage<Void> stop() {
        if (stopping) {
            return stopped;
        }
        stopping = true;
        Listening open = listening;
        if (open == null) {
            stopped.complete(null);
        } else if (open.loops().isShuttingDown()) { // which ends all that is on them
            open.loops().terminationFuture().addListener(ended -> stopped.complete(null));
        } else {
            stop(open);
        }
        return stopped;
    }

    private void stop(Listening open) {
        open.binding().addListener(bound -> {
            if (bound.isSuccess()) {
                release(open.binding().channel());
            } else {
                onReleased();
            }
        });
        connections.forEach(connection -> connection.onLoop(connection::stop));
        var unused = open.loops()
                .next()
                .schedule(
                        () -> connections.forEach(connection -> connection.onLoop(connection::stopNow)),
                        settings.stopTime().toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    /** A socket of NIO that is closed gives its port back at the next select, which is before the next timer. */
    private void release(Channel listener) {
        listener.close().addListener(closed -> {
            var unused = listener.eventLoop().schedule(this::onReleased, 1, TimeUnit.MILLISECONDS);
        });
    }

    private void onReleased() {
        released = true;
        endWhenEmpty();
    }

    private void endWhenEmpty() {
        Listening closed = listening;
        if (!released || !connections.isEmpty() || closed == null) {
            return;
        }
        if (settings.group().isEmpty()) {
            closed.loops().shutdownGracefully(0, 1, TimeUnit.SECONDS).addListener(done -> stopped.complete(null));
        } else {
            stopped.complete(null);
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
