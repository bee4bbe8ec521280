package io.mqttparty.internal.broker;

import io.mqttparty.internal.codec.FrameDecoder;
import java.nio.ByteBuffer;

/**
 * The bytes of one connection that could not be decoded when they came: the beginning of a packet, or everything that came while the connection
 * was held. The driver drops it when it is empty.
 */
final class InputTail {
    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    private ByteBuffer buffer = NONE;

    boolean isEmpty() {
        return !buffer.hasRemaining();
    }

    int size() {
        return buffer.remaining();
    }

    /** The bytes, to be taken from its position. */
    ByteBuffer bytes() {
        return buffer;
    }

    /** Takes all bytes. */
    void append(ByteBuffer bytes) {
        append(bytes, bytes.remaining());
    }

    /**
     * Takes bytes until the packet that begins in here is whole, and says whether it is.
     *
     * @param maxPacketBytes the limit for that packet
     */
    boolean complete(ByteBuffer bytes, int maxPacketBytes) {
        while (true) {
            int length = FrameDecoder.frameLength(buffer, maxPacketBytes);
            if (length > 0) {
                return true;
            }
            if (!bytes.hasRemaining()) {
                return false;
            }
            int missing = length == 0 ? 1 : -length - buffer.remaining();
            append(bytes, Math.min(missing, bytes.remaining()));
        }
    }

    private void append(ByteBuffer bytes, int count) {
        int size = buffer.remaining();
        if (buffer.capacity() - buffer.limit() < count) {
            ByteBuffer larger = ByteBuffer.allocate(Math.max(64, Integer.highestOneBit(size + count) << 1));
            larger.put(buffer).flip();
            buffer = larger;
        }
        int limit = buffer.limit();
        buffer.limit(limit + count);
        buffer.put(limit, bytes, bytes.position(), count);
        bytes.position(bytes.position() + count);
    }
}
