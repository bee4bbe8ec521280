package io.mqttparty.netty.internal;

import io.mqttparty.spi.transport.EventLoop;
import io.mqttparty.spi.transport.Listening;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** A listener that is bound. */
final class TcpListener implements Listening {
    /** After this the connections that are left are closed without waiting for their peers. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Channel server;
    private final int port;
    private final LoopGroup group;
    private final EventLoops loops;
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final AtomicBoolean closing = new AtomicBoolean();

    TcpListener(Channel server, LoopGroup group, EventLoops loops) {
        this.server = server;
        this.port = ((InetSocketAddress) server.localAddress()).getPort();
        this.group = group;
        this.loops = loops;
        server.closeFuture().addListener(done -> stopped.complete(null));
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public List<EventLoop> eventLoops() {
        return loops.all();
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // The close future tells the same.
    public CompletionStage<Void> stopAccepting() {
        server.close();
        return stopped.copy();
    }

    @Override
    public CompletionStage<Void> close() {
        if (closing.compareAndSet(false, true)) {
            stopAccepting()
                    .thenCompose(done -> loops.closeConnections(PATIENCE_NANOS)
                            // A loop that hangs in a handler must not keep the others.
                            .completeOnTimeout(null, 2 * PATIENCE_NANOS, TimeUnit.NANOSECONDS))
                    .thenCompose(done -> group.release())
                    .thenAccept(done -> closed.complete(null));
        }
        return closed.copy();
    }
}
