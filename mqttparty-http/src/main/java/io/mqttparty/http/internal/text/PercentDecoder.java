package io.mqttparty.http.internal.text;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Takes percent-encoding off (RFC 3986, section 2.1), strictly: {@code +} is a plus, and what is not right is not guessed at. */
public final class PercentDecoder {
    private PercentDecoder() {}

    /**
     * The text that was encoded; empty if a {@code %} is not followed by two hexadecimal digits, if a character stands there that a path or query may
     * not have, or if the bytes are not well-formed UTF-8.
     */
    public static Optional<String> decode(String encoded) {
        byte[] bytes = new byte[encoded.length()];
        int length = 0;
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c == '%') {
                int value = i + 2 < encoded.length() ? hex(encoded, i + 1) : -1;
                if (value < 0) {
                    return Optional.empty();
                }
                bytes[length++] = (byte) value;
                i += 2;
            } else if (isPlain(c)) {
                bytes[length++] = (byte) c;
            } else {
                return Optional.empty();
            }
        }
        return utf8(ByteBuffer.wrap(bytes, 0, length));
    }

    private static int hex(String text, int at) {
        int high = digit(text.charAt(at));
        int low = digit(text.charAt(at + 1));
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }

    /** {@link Character#digit} knows the digits of all scripts. */
    private static int digit(char c) {
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }

    /** Visible ASCII that needs no encoding in a query; braces are let through for the placeholders of templates. */
    private static boolean isPlain(char c) {
        return c > ' ' && c < 0x7F && "\"#<>\\^`|".indexOf(c) < 0;
    }

    private static Optional<String> utf8(ByteBuffer bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(bytes)
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
