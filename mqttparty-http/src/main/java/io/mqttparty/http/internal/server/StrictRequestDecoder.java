package io.mqttparty.http.internal.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;

/**
 * Netty's decoder, which refuses what could be read in two ways: two lengths, a length together with a transfer coding (RFC 9112, section 6.1 lets a
 * server refuse it), line ends that are none. It says when bytes come, for the time limits.
 */
final class StrictRequestDecoder extends HttpRequestDecoder {
    private static final int CHUNK_BYTES = 8 * 1024;

    private final Runnable onBytes;

    StrictRequestDecoder(ServerSettings settings, Runnable onBytes) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(settings.targetBytes())
                .setMaxHeaderSize(settings.headerBytes())
                .setMaxChunkSize(CHUNK_BYTES)
                .setAllowDuplicateContentLengths(false)
                .setStrictLineParsing(true)
                .setValidateHeaders(true));
        this.onBytes = onBytes;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        onBytes.run();
        super.channelRead(ctx, message);
    }

    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new IllegalArgumentException("Content-Length: together with Transfer-Encoding (expected: one of them)");
    }
}
