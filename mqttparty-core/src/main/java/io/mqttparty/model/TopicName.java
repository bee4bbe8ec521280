package io.mqttparty.model;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The name that a message is published to (section 4.7): one to 65,535 bytes of UTF-8 without wildcards and U+0000, compared character by
 * character, never normalised. It holds its text and its UTF-8 form, so that encoding it again costs a copy.
 */
public final class TopicName {
    /** The most bytes that a topic name or topic filter may have (section 4.7.3). */
    public static final int MAX_BYTES = 65_535;

    private final String value;
    private final byte[] utf8;

    private TopicName(String value, byte[] utf8) {
        this.value = value;
        this.utf8 = utf8;
    }

    /**
     * The topic name with this text.
     *
     * @throws IllegalArgumentException if the standard does not allow it
     */
    public static TopicName of(String value) {
        byte[] utf8 = TopicRules.checkedUtf8("topic", value);
        if (value.indexOf('+') >= 0 || value.indexOf('#') >= 0) { // [MQTT-3.3.2-2] [MQTT-4.7.1-1]
            throw new IllegalArgumentException("topic: contains a wildcard (expected: no '+' and no '#')");
        }
        return new TopicName(value, utf8);
    }

    /**
     * The topic name with these bytes, which become part of it: the caller gives them away. For decoders, which have checked that they are
     * well-formed UTF-8 without U+0000.
     *
     * @throws IllegalArgumentException if there are no bytes, too many, or a wildcard among them
     */
    public static TopicName ofValidUtf8(byte[] utf8) {
        if (utf8.length == 0 || utf8.length > MAX_BYTES) { // [MQTT-4.7.3-1] [MQTT-4.7.3-3]
            throw new IllegalArgumentException("topic: " + utf8.length + " bytes (expected: 1 to 65535)");
        }
        for (byte b : utf8) {
            if (b == '+' || b == '#') { // [MQTT-3.3.2-2] [MQTT-4.7.1-1]
                throw new IllegalArgumentException("topic: contains a wildcard (expected: no '+' and no '#')");
            }
        }
        return new TopicName(new String(utf8, StandardCharsets.UTF_8), utf8);
    }

    /** The name as text. */
    public String value() {
        return value;
    }

    /** The number of bytes in UTF-8. */
    public int utf8Length() {
        return utf8.length;
    }

    /** Appends the UTF-8 form to the buffer, which must have {@link #utf8Length()} bytes left. */
    public void writeUtf8(ByteBuffer target) {
        target.put(utf8);
    }

    /** Whether these bytes of the buffer (absolute, its position does not move) are the UTF-8 form of this name. */
    public boolean hasUtf8(ByteBuffer source, int offset, int length) {
        if (length != utf8.length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (source.get(offset + i) != utf8[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether the name starts with {@code $}: such topics are the broker's own and no leading wildcard matches them (section 4.7.2). */
    public boolean isReserved() {
        return utf8[0] == '$';
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TopicName that && (this == that || value.equals(that.value)); // [MQTT-4.7.3-4]
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    /** The name as text. */
    @Override
    public String toString() {
        return value;
    }
}
