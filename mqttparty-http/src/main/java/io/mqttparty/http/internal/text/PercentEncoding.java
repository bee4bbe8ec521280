package io.mqttparty.http.internal.text;

import java.nio.charset.StandardCharsets;

/** Percent encoding after RFC 3986: the letters, digits and {@code - . _ ~} stay, every other byte of UTF-8 becomes {@code %XX}. */
public final class PercentEncoding {
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private PercentEncoding() {}

    /** Appends the text, encoded, so that it is one piece of data wherever in a path or query it stands. */
    public static void append(StringBuilder target, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                appendBytes(target, text.substring(i));
                return;
            }
            appendByte(target, c);
        }
    }

    /**
     * The text as the value of a CloudEvents header (HTTP binding, section 3.1.3.2): blanks, quotes, percent signs and whatever is not printable ASCII are encoded.
     */
    public static String headerValue(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isHeaderCharacter(text.charAt(i))) {
                return encodedHeaderValue(text);
            }
        }
        return text;
    }

    private static String encodedHeaderValue(String text) {
        StringBuilder value = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (isHeaderCharacter(b)) {
                value.append((char) b);
            } else {
                appendHex(value, b & 0xff);
            }
        }
        return value.toString();
    }

    private static boolean isHeaderCharacter(int c) {
        return c > ' ' && c < 0x7f && c != '"' && c != '%';
    }

    private static void appendBytes(StringBuilder target, String text) {
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            appendByte(target, b & 0xff);
        }
    }

    private static void appendByte(StringBuilder target, int b) {
        if (isUnreserved(b)) {
            target.append((char) b);
        } else {
            appendHex(target, b);
        }
    }

    private static void appendHex(StringBuilder target, int b) {
        target.append('%').append(HEX[b >> 4]).append(HEX[b & 0xf]);
    }

    private static boolean isUnreserved(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "-._~".indexOf(c) >= 0;
    }
}
