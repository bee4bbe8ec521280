package io.mqttparty.testkit;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** Cuts a stream of bytes into MQTT frames (section 2.2). It knows the fixed header and nothing of what the packets mean. */
final class FrameBuffer {
    private byte[] memory = new byte[256];
    private int start;
    private int end;

    /** One packet: type and flags are the halves of its first byte, the body is what the remaining length counts. */
    record Frame(int type, int flags, ByteBuffer body) {}

    void add(byte[] bytes) {
        if (end + bytes.length > memory.length) {
            int kept = end - start;
            memory = Arrays.copyOf(
                    Arrays.copyOfRange(memory, start, end), Math.max(memory.length, 2 * (kept + bytes.length)));
            start = 0;
            end = kept;
        }
        System.arraycopy(bytes, 0, memory, end, bytes.length);
        end += bytes.length;
    }

    /** Whether the first bytes of a frame are here and the rest is not. */
    boolean hasPartOfFrame() {
        return end > start;
    }

    /**
     * The next frame, if all of it has come.
     *
     * @throws IllegalArgumentException if the remaining length has more than four bytes
     */
    Optional<Frame> next() {
        int length = 0;
        for (int i = 1; start + i < end; i++) {
            int digit = memory[start + i];
            length |= (digit & 0x7F) << (7 * (i - 1));
            if (digit >= 0) {
                return frame(start + i + 1, length);
            }
            if (i == 4) { // section 2.2.3
                throw new IllegalArgumentException("remaining length: more than four bytes");
            }
        }
        return Optional.empty();
    }

    private Optional<Frame> frame(int bodyStart, int length) {
        if (end - bodyStart < length) {
            return Optional.empty();
        }
        int first = memory[start] & 0xFF;
        ByteBuffer body = ByteBuffer.wrap(Arrays.copyOfRange(memory, bodyStart, bodyStart + length));
        start = bodyStart + length;
        return Optional.of(new Frame(first >> 4, first & 0x0F, body));
    }
}
