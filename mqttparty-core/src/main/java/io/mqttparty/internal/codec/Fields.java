package io.mqttparty.internal.codec;

import io.mqttparty.model.Payload;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Length-prefixed fields as they are written (section 1.5.3). */
final class Fields {
    private static final int MAX_LENGTH = 65_535;
    private static final int PREFIX = 2;

    private Fields() {}

    static int lengthOf(String text) {
        return PREFIX + checked(utf8(text).length);
    }

    static int lengthOf(Payload bytes) {
        return PREFIX + checked(bytes.size());
    }

    static void write(String text, ByteBuffer target) {
        byte[] utf8 = utf8(text);
        target.putShort((short) utf8.length);
        target.put(utf8);
    }

    static void write(Payload bytes, ByteBuffer target) {
        target.putShort((short) bytes.size());
        bytes.writeTo(target);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static int checked(int length) {
        if (length > MAX_LENGTH) {
            throw new IllegalArgumentException("field: " + length + " bytes (expected: at most 65535)");
        }
        return length;
    }
}
