package io.mqttparty.netty.internal;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the connection from beginning until the PROXY header has come, then leaves the pipeline, as the decoder in front of it does, which
 * passes on the bytes behind the header.
 */
final class ProxyHeaderHandler extends ChannelInboundHandlerAdapter {
    static final String INVALID = "no valid PROXY header";

    private final ProxyStage stage;
    private final NettyConnection connection;
    private final Duration timeout;
    private @Nullable Future<?> timer;

    ProxyHeaderHandler(ProxyStage stage, NettyConnection connection, Duration timeout) {
        this.stage = stage;
        this.connection = connection;
        this.timeout = timeout;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (!(ctx.channel().remoteAddress() instanceof InetSocketAddress source) || !stage.trusts(source)) {
            connection.refuse("its source is not trusted to send a PROXY header");
            return;
        }
        timer = ctx.executor()
                .schedule(
                        () -> connection.refuse("no PROXY header within " + timeout.toMillis() + " ms"),
                        timeout.toNanos(),
                        TimeUnit.NANOSECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        if (!(message instanceof HAProxyMessage header)) {
            ctx.fireChannelRead(message);
            return;
        }
        try {
            namedPeer(header).ifPresent(connection::namedPeer);
        } finally {
            header.release();
        }
        ctx.fireChannelActive();
        ctx.pipeline().remove(this);
    }

    /** Empty for LOCAL (the proxy itself connects, as for a health check), for an unknown protocol and for a Unix socket. */
    private static Optional<SocketAddress> namedPeer(HAProxyMessage header) throws UnknownHostException {
        String source = header.sourceAddress();
        byte[] bytes = source == null ? null : NetUtil.createByteArrayFromIpAddressString(source);
        return bytes == null
                ? Optional.empty()
                : Optional.of(new InetSocketAddress(InetAddress.getByAddress(bytes), header.sourcePort()));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        connection.refuse(INVALID);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
