package io.mqttparty.internal.util;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * UTF-8 as the standard wants it (section 1.5.3). What it only advises against, control characters and non-characters, is accepted; a
 * byte order mark is a character like any other [MQTT-1.5.3-3].
 */
public final class Utf8 {
    /** What a check of bytes found. */
    public enum Verdict {
        /** Well-formed UTF-8 without U+0000. */
        VALID,
        /** No UTF-8: a stray or missing byte, an overlong form, a surrogate, or a number above U+10FFFF. */
        ILL_FORMED,
        /** U+0000 is among them. */
        HAS_NUL
    }

    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

    private Utf8() {}

    /** What these bytes of the buffer are (absolute, its position does not move). They must lie within its limit. */
    public static Verdict check(ByteBuffer source, int offset, int length) {
        int end = offset + length;
        int i = skipPlainAscii(source, offset, end);
        while (i < end) {
            byte first = source.get(i);
            if (first == 0) { // [MQTT-1.5.3-2]
                return Verdict.HAS_NUL;
            }
            int size = first > 0 ? 1 : sequenceLength(source, i, end);
            if (size == 0) { // [MQTT-1.5.3-1]
                return Verdict.ILL_FORMED;
            }
            i += size;
        }
        return Verdict.VALID;
    }

    /** What these bytes are. */
    public static Verdict check(byte[] source) {
        return check(ByteBuffer.wrap(source), 0, source.length);
    }

    /** The text of these bytes (absolute), which {@link #check(ByteBuffer, int, int)} found valid. */
    public static String decode(ByteBuffer source, int offset, int length) {
        if (source.hasArray()) {
            return new String(source.array(), source.arrayOffset() + offset, length, StandardCharsets.UTF_8);
        }
        byte[] copy = new byte[length];
        source.get(offset, copy);
        return new String(copy, StandardCharsets.UTF_8);
    }

    /** The start of the first eight bytes, counted from the offset, that are not all U+0001 to U+007F; the rest is left to the caller. */
    private static int skipPlainAscii(ByteBuffer source, int offset, int end) {
        int i = offset;
        while (i <= end - Long.BYTES) {
            long eight = source.getLong(i);
            if (((eight | (eight - ONES)) & HIGH_BITS) != 0) { // a byte above 7F, or the borrow of a byte 00
                break;
            }
            i += Long.BYTES;
        }
        return i;
    }

    /** The length of the sequence of two to four bytes that starts here; 0 if it is none (Unicode, table 3-7). */
    private static int sequenceLength(ByteBuffer source, int i, int end) {
        int first = source.get(i) & 0xFF;
        if (first < 0xC2 || first > 0xF4) { // a stray continuation, an overlong form, or above U+10FFFF
            return 0;
        }
        int size = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        if (size > end - i || !isSecond(first, source.get(i + 1) & 0xFF)) {
            return 0;
        }
        for (int k = 2; k < size; k++) {
            if ((source.get(i + k) & 0xC0) != 0x80) {
                return 0;
            }
        }
        return size;
    }

    private static boolean isSecond(int first, int second) {
        return switch (first) {
            case 0xE0 -> second >= 0xA0 && second <= 0xBF; // not overlong
            case 0xED -> second >= 0x80 && second <= 0x9F; // no surrogate
            case 0xF0 -> second >= 0x90 && second <= 0xBF; // not overlong
            case 0xF4 -> second >= 0x80 && second <= 0x8F; // up to U+10FFFF
            default -> second >= 0x80 && second <= 0xBF;
        };
    }
}
