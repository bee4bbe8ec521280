package io.mqttparty.redis.internal.lane;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What Redis answered: nothing, a number, bytes, or a list of replies. The accessors fail with {@link IllegalStateException} on anything else, which
 * means that a script and its caller disagree.
 */
public final class Reply {
    private Reply() {}

    /** Whether there is nothing. */
    public static boolean isNil(@Nullable Object reply) {
        return reply == null;
    }

    /** A number, or its digits. */
    public static long number(@Nullable Object reply) {
        if (reply instanceof Long number) {
            return number;
        }
        if (reply instanceof byte[] digits) {
            return Long.parseLong(new String(digits, UTF_8));
        }
        throw unexpected(reply, "a number");
    }

    /** A number, or another if there is nothing. */
    public static long number(@Nullable Object reply, long otherwise) {
        return reply == null ? otherwise : number(reply);
    }

    /** The bytes themselves. */
    public static byte[] bytes(@Nullable Object reply) {
        if (reply instanceof byte[] bytes) {
            return bytes;
        }
        throw unexpected(reply, "bytes");
    }

    /** Bytes as text in UTF-8. */
    public static String text(@Nullable Object reply) {
        return new String(bytes(reply), UTF_8);
    }

    /** Bytes as text in UTF-8, or null if there is nothing. */
    public static @Nullable String textOrNull(@Nullable Object reply) {
        return reply == null ? null : text(reply);
    }

    /** The elements of a list, some of which may be null. */
    @SuppressWarnings("unchecked")
    public static List<@Nullable Object> list(@Nullable Object reply) {
        if (reply instanceof List<?> list) {
            return (List<@Nullable Object>) list;
        }
        throw unexpected(reply, "a list");
    }

    private static IllegalStateException unexpected(@Nullable Object reply, String expected) {
        String type = reply == null ? "nothing" : reply.getClass().getSimpleName();
        return new IllegalStateException("reply: " + type + " (expected: " + expected + ")");
    }
}
