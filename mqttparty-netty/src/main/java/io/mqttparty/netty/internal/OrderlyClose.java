package io.mqttparty.netty.internal;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import java.util.concurrent.TimeUnit;

/**
 * The end of a connection that the broker closes: what was flushed goes out (for at most {@link #FLUSH_SECONDS}), then the output is shut, and
 * what still comes in is read and dropped until the peer has closed too (at most {@link #DRAIN_SECONDS}). Closing the socket at once would
 * answer bytes that wait in it unread with a reset, and a reset can take the last bytes away from the peer, such as a CONNACK that refuses.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Whatever fails, the time limit ends it.
final class OrderlyClose {
    static final int FLUSH_SECONDS = 5;
    static final int DRAIN_SECONDS = 1;

    private final ChannelHandlerContext ctx;

    private OrderlyClose(ChannelHandlerContext ctx) {
        this.ctx = ctx;
    }

    /** Begins it. The caller, the handler of this context, drops what it reads from now on. */
    static void begin(ChannelHandlerContext ctx) {
        new OrderlyClose(ctx).flush();
    }

    private void flush() {
        ctx.channel().config().setAutoRead(true);
        ChannelFuture flushed = ctx.writeAndFlush(Unpooled.EMPTY_BUFFER);
        if (flushed.isDone()) {
            shutOutput();
        } else {
            flushed.addListener(done -> shutOutput());
            closeAfter(FLUSH_SECONDS);
        }
    }

    private void shutOutput() {
        boolean plain = ctx.pipeline().first() == ctx.handler(); // A stage such as TLS says goodbye in its own way.
        if (plain && ctx.channel().isActive() && ctx.channel() instanceof DuplexChannel duplex) {
            duplex.shutdownOutput(ctx.voidPromise());
            closeAfter(DRAIN_SECONDS);
        } else {
            ctx.close();
        }
    }

    private void closeAfter(int seconds) {
        ctx.executor().schedule(() -> ctx.close(), seconds, TimeUnit.SECONDS);
    }
}
