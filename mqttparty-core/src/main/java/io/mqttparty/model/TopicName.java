package io.mqttparty.model;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The name that a message is published to (section 4.7): one to 65,535 bytes of UTF-8 without wildcards and U+0000, compared character by
 * character, never normalised. It holds its text and its UTF-8 form, so that encoding it again costs a copy.
 */
public final class TopicName {
    /** The most bytes that a topic name or topic filter may have (section 4.7.3). */
    public static final int MAX_BYTES = 65_535;

    private static final String NAME = "topic";

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
        byte[] utf8 = TopicRules.checkedUtf8(NAME, value);
        if (hasWildcard(utf8)) {
            throw TopicProblem.WILDCARD.illegalArgument(NAME, value);
        }
        return new TopicName(value, utf8);
    }

    /**
     * The topic name with these bytes, which become part of it: the caller gives them away, having checked that they are well-formed UTF-8
     * without U+0000.
     *
     * @throws IllegalArgumentException if there are no bytes, too many, or a wildcard among them
     */
    public static TopicName ofValidUtf8(byte[] utf8) {
        String value = new String(utf8, StandardCharsets.UTF_8);
        TopicProblem problem = problemOf(utf8);
        if (problem != null) {
            throw problem.illegalArgument(NAME, value);
        }
        return new TopicName(value, utf8);
    }

    /**
     * As {@link #ofValidUtf8}, for bytes that came from a peer.
     *
     * @throws MalformedPacketException if there are no bytes, too many, or a wildcard among them
     */
    public static TopicName fromPeer(byte[] utf8) {
        TopicProblem problem = problemOf(utf8);
        if (problem != null) {
            throw problem.malformed(ReasonCode.TOPIC_NAME_INVALID);
        }
        return new TopicName(new String(utf8, StandardCharsets.UTF_8), utf8);
    }

    private static @Nullable TopicProblem problemOf(byte[] utf8) {
        if (utf8.length == 0) { // [MQTT-4.7.3-1]
            return TopicProblem.EMPTY;
        }
        if (utf8.length > MAX_BYTES) { // [MQTT-4.7.3-3]
            return TopicProblem.TOO_LONG;
        }
        return hasWildcard(utf8) ? TopicProblem.WILDCARD : null;
    }

    private static boolean hasWildcard(byte[] utf8) {
        for (byte b : utf8) {
            if (b == '+' || b == '#') { // [MQTT-3.3.2-2] [MQTT-4.7.1-1]
                return true;
            }
        }
        return false;
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
