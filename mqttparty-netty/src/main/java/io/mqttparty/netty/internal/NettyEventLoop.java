package io.mqttparty.netty.internal;

import io.mqttparty.spi.transport.EventLoop;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One loop of Netty as the broker sees it, and the connections that this listener has on it. */
final class NettyEventLoop implements EventLoop {
    private final io.netty.channel.EventLoop loop;

    /** Confined to the loop. */
    private final Set<NettyConnection> connections = Collections.newSetFromMap(new IdentityHashMap<>());

    /** Set once this listener closes; confined to the loop. */
    private @Nullable CompletableFuture<Void> empty;

    NettyEventLoop(io.netty.channel.EventLoop loop) {
        this.loop = loop;
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(task);
    }

    @Override
    public boolean inEventLoop() {
        return loop.inEventLoop();
    }

    @Override
    public Scheduled schedule(long delayNanos, Runnable task) {
        ScheduledTask scheduled = new ScheduledTask(task);
        scheduled.future(loop.schedule(scheduled, delayNanos, TimeUnit.NANOSECONDS));
        return scheduled;
    }

    @Override
    public long nanoTime() {
        return loop.ticker().nanoTime();
    }

    void added(NettyConnection connection) {
        connections.add(connection);
        if (empty != null) {
            connection.abort();
        }
    }

    void removed(NettyConnection connection) {
        connections.remove(connection);
        if (empty != null && connections.isEmpty()) {
            empty.complete(null);
        }
    }

    /** Closes all connections on this loop, the last of them after this time by force. Called once, from any thread. */
    CompletableFuture<Void> closeConnections(long limitNanos) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        try {
            loop.execute(() -> closeConnections(limitNanos, done));
        } catch (RejectedExecutionException e) { // Its owner has ended it, and its connections with it.
            done.complete(null);
        }
        return done;
    }

    private void closeConnections(long limitNanos, CompletableFuture<Void> done) {
        empty = done;
        if (connections.isEmpty()) {
            done.complete(null);
            return;
        }
        List.copyOf(connections).forEach(NettyConnection::close);
        schedule(limitNanos, () -> List.copyOf(connections).forEach(NettyConnection::abort));
    }
}
