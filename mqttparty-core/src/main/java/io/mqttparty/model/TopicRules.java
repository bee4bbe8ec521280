package io.mqttparty.model;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** What topic names and topic filters have in common (section 4.7.3). */
final class TopicRules {
    private TopicRules() {}

    /** The text as UTF-8 after all checks that hold for names and filters alike. */
    static byte[] checkedUtf8(String name, String value) {
        if (value.isEmpty()) { // [MQTT-4.7.3-1]
            throw TopicProblem.EMPTY.illegalArgument(name, value);
        }
        if (value.indexOf('\0') >= 0) { // [MQTT-4.7.3-2]
            throw TopicProblem.NUL.illegalArgument(name, value);
        }
        byte[] utf8 = encode(name, value);
        if (utf8.length > TopicName.MAX_BYTES) { // [MQTT-4.7.3-3]
            throw TopicProblem.TOO_LONG.illegalArgument(name, value);
        }
        return utf8;
    }

    private static byte[] encode(String name, String value) {
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(value));
            byte[] utf8 = new byte[encoded.remaining()];
            encoded.get(utf8);
            return utf8;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(name + ": contains a lone surrogate (expected: well-formed text)", e);
        }
    }
}
