package io.mqttparty.netty.internal;

import io.mqttparty.spi.transport.ConnectionHandler;
import io.mqttparty.spi.transport.EventLoop;
import io.mqttparty.spi.transport.OutboundBatch;
import io.mqttparty.spi.transport.Transport;
import io.mqttparty.spi.transport.TransportChannel;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.security.cert.Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connection: the last handler of the pipeline, in plain TCP the only one, and at the same time the broker's view of it. Confined to its
 * loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What fails arrives at exceptionCaught.
public final class NettyConnection extends ChannelInboundHandlerAdapter implements TransportChannel {
    /** Where the socket was closed before anybody asked. */
    private static final SocketAddress UNKNOWN_PEER = InetSocketAddress.createUnresolved("unknown", 0);

    private final NettyEventLoop loop;
    private final Transport.Acceptor acceptor;
    private final ConnectionLog log;

    @SuppressWarnings("NullAway.Init") // Netty gives it before anything else happens.
    private ChannelHandlerContext ctx;

    /** Null until the connection begins. */
    private @Nullable ConnectionHandler handler;

    /** What a proxy said; null without. */
    private @Nullable SocketAddress namedPeer;

    private boolean begun;
    private boolean tellingWritable;
    private boolean ending;
    private boolean failed;

    NettyConnection(NettyEventLoop loop, Transport.Acceptor acceptor, ConnectionLog log) {
        this.loop = loop;
        this.acceptor = acceptor;
        this.log = log;
    }

    // What the broker does.

    @Override
    public EventLoop eventLoop() {
        return loop;
    }

    @Override
    public SocketAddress remoteAddress() {
        if (namedPeer != null) {
            return namedPeer;
        }
        SocketAddress peer = ctx.channel().remoteAddress();
        return peer != null ? peer : UNKNOWN_PEER;
    }

    @Override
    public List<Certificate> peerCertificates() {
        return List.of();
    }

    @Override
    public boolean isWritable() {
        return ctx.channel().isWritable();
    }

    @Override
    public void write(OutboundBatch batch) {
        if (ending) {
            return;
        }
        int length = batch.length();
        ByteBuf bytes = ctx.alloc().ioBuffer(length, length);
        try {
            ByteBuffer target = bytes.internalNioBuffer(0, length);
            batch.writeTo(target);
            if (target.hasRemaining()) {
                throw new IllegalStateException("batch: " + target.remaining() + " bytes too few");
            }
            bytes.writerIndex(length);
        } catch (Throwable t) {
            bytes.release();
            fail(t); // Half a batch is out of step with the peer for ever.
            return;
        }
        ctx.write(bytes, ctx.voidPromise());
    }

    @Override
    public void flush() {
        if (!ending) {
            ctx.flush();
        }
    }

    @Override
    public void setReading(boolean reading) {
        if (!ending) {
            ctx.channel().config().setAutoRead(reading);
        }
    }

    @Override
    public void close() {
        if (ending) {
            return;
        }
        if (!begun) { // Nothing was said yet.
            abort();
            return;
        }
        ending = true;
        OrderlyClose.begin(ctx);
    }

    // What the listener and the stages do.

    /** Closes at once. */
    void abort() {
        ending = true;
        ctx.close();
    }

    /** Closes at once what has not begun. */
    void refuse(String reason) {
        if (!ending) {
            log.refused(this, reason);
        }
        abort();
    }

    /** Sets the peer that a proxy named; before the connection begins. */
    void namedPeer(SocketAddress peer) {
        namedPeer = peer;
    }

    // What the socket does.

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        ctx = added;
        loop.added(this);
    }

    @Override
    public void channelActive(ChannelHandlerContext unused) {
        if (begun || ending) {
            return;
        }
        begun = true;
        try {
            handler = acceptor.onAccept(this);
        } catch (Throwable t) {
            fail(t);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext unused, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            if (handler != null && !ending) {
                handler.onBytes(view(bytes));
            }
        } catch (Throwable t) {
            fail(t);
        } finally {
            bytes.release();
        }
    }

    /** Without an object of its own where the buffer has one piece; a composite is copied together. */
    private static ByteBuffer view(ByteBuf bytes) {
        return bytes.nioBufferCount() == 1
                ? bytes.internalNioBuffer(bytes.readerIndex(), bytes.readableBytes())
                : bytes.nioBuffer();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext unused) {
        if (ctx.channel().isWritable() && !tellingWritable) {
            tellingWritable = true;
            ctx.executor().execute(this::tellWritable); // It may be inside of the broker's own flush().
        }
    }

    private void tellWritable() {
        tellingWritable = false;
        if (handler == null || ending || !ctx.channel().isWritable()) {
            return;
        }
        try {
            handler.onWritable();
        } catch (Throwable t) {
            fail(t);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext unused, Throwable cause) {
        if (!failed && !ending) {
            failed = true;
            log.broken(this, cause);
        }
        abort();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext unused) {
        ending = true;
        try {
            if (handler != null) {
                handler.onClosed();
            }
        } catch (Throwable t) {
            fail(t);
        } finally {
            handler = null;
            loop.removed(this);
        }
    }

    private void fail(Throwable cause) {
        if (!failed) {
            failed = true;
            log.failed(this, cause);
        }
        abort();
    }
}
