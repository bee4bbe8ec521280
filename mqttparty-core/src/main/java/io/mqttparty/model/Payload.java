package io.mqttparty.model;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The application message as bytes: immutable, owned for ever, shared freely between threads. There is nothing to release. All ways to
 * make one copy the bytes, once.
 */
public final class Payload {
    /** No bytes at all, which is a legal payload. */
    public static final Payload EMPTY = new Payload(new byte[0]);

    private final byte[] bytes;

    private Payload(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A copy of the remaining bytes of the buffer, whose position moves to its limit. */
    public static Payload copyOf(ByteBuffer source) {
        if (!source.hasRemaining()) {
            return EMPTY;
        }
        byte[] copy = new byte[source.remaining()];
        source.get(copy);
        return new Payload(copy);
    }

    /** A copy of these bytes of the buffer (absolute, its position does not move). */
    public static Payload copyOf(ByteBuffer source, int offset, int length) {
        if (length == 0) {
            return EMPTY;
        }
        byte[] copy = new byte[length];
        source.get(offset, copy);
        return new Payload(copy);
    }

    /** A copy of the array. */
    public static Payload copyOf(byte[] source) {
        return source.length == 0 ? EMPTY : new Payload(source.clone());
    }

    /** The text as UTF-8. */
    public static Payload utf8(String text) {
        return text.isEmpty() ? EMPTY : new Payload(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The number of bytes. */
    public int size() {
        return bytes.length;
    }

    /** Whether there are no bytes. A retained message with an empty payload removes the stored one (section 3.3.1.3). */
    public boolean isEmpty() {
        return bytes.length == 0;
    }

    /** Appends all bytes to the buffer, which must have {@link #size()} bytes left. */
    public void writeTo(ByteBuffer target) {
        target.put(bytes);
    }

    /** A read-only view of the bytes, with its own position. */
    public ByteBuffer asByteBuffer() {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    /** A copy of the bytes. */
    public byte[] toByteArray() {
        return bytes.clone();
    }

    /** The bytes read as UTF-8; what is not UTF-8 becomes U+FFFD. */
    public String asUtf8String() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Payload that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The size only: payloads do not belong in logs. */
    @Override
    public String toString() {
        return "Payload[" + bytes.length + " bytes]";
    }
}
