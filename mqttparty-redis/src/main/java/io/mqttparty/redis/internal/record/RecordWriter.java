package io.mqttparty.redis.internal.record;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mqttparty.model.Message;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Fields of a binary form, one after the other. For one thread. */
final class RecordWriter {
    private static final int MAX_TEXT = 65_535;

    private ByteBuffer target;

    RecordWriter(int capacity) {
        target = ByteBuffer.allocate(capacity);
    }

    RecordWriter u8(int value) {
        room(1).put((byte) value);
        return this;
    }

    RecordWriter u32(int value) {
        room(Integer.BYTES).putInt(value);
        return this;
    }

    RecordWriter u64(long value) {
        room(Long.BYTES).putLong(value);
        return this;
    }

    /** u16 length, then UTF-8. */
    RecordWriter text(String value) {
        byte[] utf8 = value.getBytes(UTF_8);
        if (utf8.length > MAX_TEXT) {
            throw new IllegalArgumentException("text: " + utf8.length + " bytes (expected: at most " + MAX_TEXT + ")");
        }
        room(Short.BYTES + utf8.length).putShort((short) utf8.length).put(utf8);
        return this;
    }

    /** Bytes as they are; what reads them knows their length. */
    RecordWriter bytes(byte[] value) {
        room(value.length).put(value);
        return this;
    }

    /** A message, which is the last field. */
    RecordWriter message(Message message) {
        Records.write(room(Records.length(message)), message, message.qos());
        return this;
    }

    private ByteBuffer room(int bytes) {
        if (target.remaining() < bytes) {
            int capacity = Math.max(target.capacity() * 2, target.position() + bytes);
            target = ByteBuffer.allocate(capacity).put(target.flip());
        }
        return target;
    }

    byte[] toBytes() {
        return target.hasRemaining() ? Arrays.copyOf(target.array(), target.position()) : target.array();
    }
}
