package io.mqttparty.http.internal.server;

import io.mqttparty.model.Payload;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Reads a body up to a limit, and keeps it or not. It allocates for what has come, never for what was announced. */
final class BodyReader {
    private static final int FIRST_BYTES = 1024;

    private final int limit;
    private final boolean isKept;
    private byte[] bytes = {};
    private int size;

    private BodyReader(int limit, boolean isKept) {
        this.limit = limit;
        this.isKept = isKept;
    }

    static BodyReader keeping(int limit) {
        return new BodyReader(limit, true);
    }

    /** For a body that goes nowhere. */
    static BodyReader forgetting(int limit) {
        return new BodyReader(limit, false);
    }

    /** Takes a piece; {@code false} if it is too much. */
    boolean add(ByteBuf piece) {
        int more = piece.readableBytes();
        if (more > limit - size) {
            return false;
        }
        if (isKept) {
            copy(piece, more);
        }
        size += more;
        return true;
    }

    private void copy(ByteBuf piece, int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(size + more, Math.min(limit, Math.max(FIRST_BYTES, size * 2))));
        }
        piece.getBytes(piece.readerIndex(), bytes, size, more);
    }

    /** What came, of a reader that keeps it. */
    Payload payload() {
        return Payload.copyOf(ByteBuffer.wrap(bytes, 0, size));
    }
}
