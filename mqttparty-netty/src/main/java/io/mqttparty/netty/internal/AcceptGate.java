package io.mqttparty.netty.internal;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands in front of Netty's acceptor and decides when it accepts: not beyond the limit of connections, and not for a second after the
 * system refused one (no file descriptor left), so that the loop does not spin. Confined to the server channel's loop, except for
 * {@link #connectionClosed}.
 */
final class AcceptGate extends ChannelInboundHandlerAdapter {
    static final int RETRY_SECONDS = 1;

    private final String listener;
    private final int maxConnections;
    private final ThrottledLog log = new ThrottledLog(ConnectionLog.LOG, System::nanoTime);
    private final AtomicInteger open = new AtomicInteger();

    /** One object for all connections. */
    private final ChannelFutureListener onClose =
            closed -> countDownAfter(closed.channel().eventLoop());

    /** Made in advance: without a file descriptor no class can be loaded. */
    private final Runnable retry = this::retry;

    /** What NIO had accepted in the same turn when the limit was reached. */
    private final Deque<Channel> waiting = new ArrayDeque<>();

    @SuppressWarnings("NullAway.Init") // Netty gives it before anything else happens.
    private ChannelHandlerContext ctx;

    private volatile boolean full;
    private boolean retrying;

    AcceptGate(String listener, int maxConnections) {
        this.listener = listener;
        this.maxConnections = maxConnections;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        ctx = added;
    }

    @Override
    public void channelRead(ChannelHandlerContext unused, Object accepted) {
        waiting.add((Channel) accepted);
        admit();
    }

    private void admit() {
        while (!waiting.isEmpty() && open.get() < maxConnections) {
            open.incrementAndGet();
            Channel channel = waiting.remove();
            channel.closeFuture().addListener(onClose);
            ctx.fireChannelRead(channel);
        }
        if (open.get() >= maxConnections) {
            full();
        }
    }

    private void full() {
        log.warn(() -> listener + ": " + maxConnections
                + " connections are open (maxConnections); the next is accepted when one of them closes");
        full = true;
        read();
        if (open.get() < maxConnections) { // One has closed before it could see that it has to tell.
            reopen();
        }
    }

    /** The end itself, with {@code onClosed}, is the task between these two: the broker never sees more than the limit. */
    private void countDownAfter(EventLoop loop) {
        if (!loop.isShutdown()) {
            loop.execute(() -> loop.execute(this::connectionClosed));
        }
    }

    /** On the loop of the connection. */
    private void connectionClosed() {
        open.decrementAndGet();
        if (full && !ctx.executor().isShuttingDown()) {
            ctx.executor().execute(this::reopen);
        }
    }

    private void reopen() {
        if (!full || open.get() >= maxConnections) {
            return;
        }
        full = false;
        admit();
        read();
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored")
    public void exceptionCaught(ChannelHandlerContext unused, Throwable cause) {
        if (!retrying) {
            retrying = true;
            read();
            ctx.executor().schedule(retry, RETRY_SECONDS, TimeUnit.SECONDS);
        }
        log.warn(() -> listener + ": cannot accept, trying again in " + RETRY_SECONDS + " s: " + cause.getMessage());
    }

    private void retry() {
        retrying = false;
        read();
    }

    private void read() {
        ctx.channel().config().setAutoRead(!full && !retrying);
    }

    @Override
    public void channelInactive(ChannelHandlerContext unused) {
        waiting.forEach(channel -> channel.unsafe().closeForcibly());
        waiting.clear();
    }
}
