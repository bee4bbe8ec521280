package io.mqttparty.http.internal.text;

import java.time.Instant;

/**
 * Instants as text, such as {@code 2026-01-02T03:04:05.678Z} (RFC 3339), as {@link Instant#toString} writes them. It remembers the last second, since most instants that are
 * asked for are near each other. Any thread may call it.
 */
public final class Rfc3339 {
    private static final int MILLIS = 1_000;

    private volatile Second last = new Second(0);

    /** A second and its text, without the letter at the end. */
    private static final class Second {
        final long number;
        final String text;

        Second(long number) {
            this.number = number;
            String whole = Instant.ofEpochSecond(number).toString();
            this.text = whole.substring(0, whole.length() - 1);
        }
    }

    /** The text of so many milliseconds since 1970 UTC. */
    public String text(long epochMillis) {
        long number = Math.floorDiv(epochMillis, MILLIS);
        int millis = Math.floorMod(epochMillis, MILLIS);
        Second second = last;
        if (second.number != number) {
            second = new Second(number);
            last = second;
        }
        return millis == 0
                ? second.text + "Z"
                : second.text + (millis < 10 ? ".00" : millis < 100 ? ".0" : ".") + millis + "Z";
    }
}
