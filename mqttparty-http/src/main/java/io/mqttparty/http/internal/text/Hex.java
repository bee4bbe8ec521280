package io.mqttparty.http.internal.text;

import java.nio.charset.StandardCharsets;

/** Numbers as hexadecimal digits in lower case. */
public final class Hex {
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.ISO_8859_1);
    private static final int DIGITS_OF_LONG = 16;

    private Hex() {}

    /** 16 digits. */
    public static String of(long value) {
        byte[] digits = new byte[DIGITS_OF_LONG];
        write(value, digits, 0);
        return new String(digits, StandardCharsets.ISO_8859_1);
    }

    /** 32 digits. */
    public static String of(long high, long low) {
        byte[] digits = new byte[2 * DIGITS_OF_LONG];
        write(high, digits, 0);
        write(low, digits, DIGITS_OF_LONG);
        return new String(digits, StandardCharsets.ISO_8859_1);
    }

    private static void write(long value, byte[] target, int from) {
        for (int i = 0; i < DIGITS_OF_LONG; i++) {
            target[from + i] = DIGITS[(int) (value >>> (60 - 4 * i)) & 0xf];
        }
    }
}
