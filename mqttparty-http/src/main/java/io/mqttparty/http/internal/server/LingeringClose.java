package io.mqttparty.http.internal.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * The end of a connection whose request was not read to its end: the output is shut, and what still comes is read and dropped until the peer has
 * closed too, for a second and 16 MiB at most. To close at once would answer the unread bytes with a reset, which can take the response away from the peer.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Whatever fails, the time limit ends it.
final class LingeringClose extends ChannelInboundHandlerAdapter {
    private static final int SECONDS = 1;
    private static final long MOST_BYTES = 16L * 1024 * 1024;

    private long dropped;

    /** Begins it; what was written and flushed goes out before. */
    static void begin(ChannelHandlerContext ctx) {
        ctx.pipeline().addFirst(new LingeringClose());
        ctx.channel().config().setAutoRead(true);
        if (ctx.channel().isActive() && ctx.channel() instanceof DuplexChannel duplex) {
            duplex.shutdownOutput(ctx.voidPromise());
            ctx.executor().schedule(() -> ctx.close(), SECONDS, TimeUnit.SECONDS);
        } else {
            ctx.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
            dropped += bytes.readableBytes();
        }
        ReferenceCountUtil.release(message);
        if (dropped > MOST_BYTES) {
            ctx.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
