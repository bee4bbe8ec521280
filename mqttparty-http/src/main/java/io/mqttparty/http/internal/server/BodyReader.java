package io.mqttparty.http.internal.server;

import io.mqttparty.model.Payload;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Collects a body up to a limit. It allocates for what has come, never for what was announced. */
final class BodyReader {
    private static final int FIRST_BYTES = 1024;

    private final int limit;
    private byte[] bytes = {};
    private int size;

    BodyReader(int limit) {
        this.limit = limit;
    }

    /** Takes a copy of a piece; {@code false} if it is too much. */
    boolean add(ByteBuf piece) {
        int more = piece.readableBytes();
        if (more > limit - size) {
            return false;
        }
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(size + more, Math.min(limit, Math.max(FIRST_BYTES, size * 2))));
        }
        piece.getBytes(piece.readerIndex(), bytes, size, more);
        size += more;
        return true;
    }

    Payload payload() {
        return Payload.copyOf(ByteBuffer.wrap(bytes, 0, size));
    }
}
