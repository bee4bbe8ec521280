package io.mqttparty.netty.internal;

import io.mqttparty.spi.transport.EventLoop;
import io.mqttparty.spi.transport.Listening;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
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
        server.closeFuture().addListener(done -> awaitRelease());
    }

    /** With NIO the port is free only after the selector has looked at its keys again: in the loop's next turn. */
    private void awaitRelease() {
        try {
            server.eventLoop().schedule(() -> {}, 1, TimeUnit.NANOSECONDS).addListener(done -> stopped.complete(null));
        } catch (RejectedExecutionException e) { // The owner of the loop has ended it.
            stopped.complete(null);
        }
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
        if (server.eventLoop().isShuttingDown()) { // Its owner was faster, and takes the socket with it.
            server.eventLoop().terminationFuture().addListener(done -> stopped.complete(null));
        } else {
            server.close();
        }
        return stopped.copy();
    }

    @Override
    public CompletionStage<Void> close() {
        if (closing.compareAndSet(false, true)) {
            within(PATIENCE_NANOS, stopAccepting())
                    .thenCompose(done -> within(2 * PATIENCE_NANOS, loops.closeConnections(PATIENCE_NANOS)))
                    .thenCompose(done -> group.release())
                    .thenAccept(done -> closed.complete(null));
        }
        return closed.copy();
    }

    /** Goes on after this time: a loop that hangs in a handler must not keep the others. */
    private static CompletionStage<Void> within(long limitNanos, CompletionStage<Void> stage) {
        return stage.toCompletableFuture().completeOnTimeout(null, limitNanos, TimeUnit.NANOSECONDS);
    }
}
