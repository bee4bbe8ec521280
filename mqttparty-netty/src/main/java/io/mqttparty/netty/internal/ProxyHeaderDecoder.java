package io.mqttparty.netty.internal;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import java.nio.charset.StandardCharsets;

/**
 * Netty's decoder, which takes whatever is not version 2 for a line of version 1 that has not ended yet. This one closes at the first byte that
 * no header has there, so that a client which speaks MQTT at once is not kept waiting for a timeout.
 */
final class ProxyHeaderDecoder extends HAProxyMessageDecoder {
    private static final byte[] TEXT = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BINARY = {0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A};

    private final NettyConnection connection;

    /** What the header must begin with: known from its first byte on. */
    private byte[] prefix = TEXT;

    private int matched;

    /** What a header of at most this size leaves for additional fields. */
    static int maxAdditionalBytes(int maxHeaderBytes) {
        return maxHeaderBytes - ProxyStage.FIXED_HEADER_BYTES;
    }

    ProxyHeaderDecoder(int maxAdditionalBytes, NettyConnection connection) {
        super(maxAdditionalBytes);
        this.connection = connection;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        ByteBuf bytes = (ByteBuf) message;
        if (matches(bytes)) {
            super.channelRead(ctx, message);
        } else {
            bytes.release();
            connection.refuse(ProxyHeaderHandler.INVALID);
        }
    }

    private boolean matches(ByteBuf bytes) {
        for (int i = bytes.readerIndex(); i < bytes.writerIndex() && matched < prefix.length; i++) {
            byte next = bytes.getByte(i);
            if (matched == 0 && next == BINARY[0]) {
                prefix = BINARY;
            }
            if (next != prefix[matched]) {
                return false;
            }
            matched++;
        }
        return true;
    }
}
