package io.mqttparty.http.internal.uplink;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** Reads Retry-After: seconds, or an HTTP date (RFC 9110 section 10.2.3). */
final class RetryAfter {
    private static final int LONGEST_VALUE = 64;

    private RetryAfter() {}

    /** How long the backend wants to be left alone, at most so long; 0 if it does not say so in a form that is known. */
    static long nanos(HttpHeaders headers, Instant now, long mostNanos) {
        String value = headers.firstValue("retry-after").orElse("").strip();
        if (value.isEmpty() || value.length() > LONGEST_VALUE) {
            return 0;
        }
        Duration wanted = value.chars().allMatch(c -> c >= '0' && c <= '9') ? seconds(value) : until(value, now);
        if (wanted.isNegative()) {
            return 0;
        }
        Duration most = Duration.ofNanos(mostNanos);
        return wanted.compareTo(most) > 0 ? mostNanos : wanted.toNanos();
    }

    private static Duration seconds(String value) {
        return Duration.ofSeconds(value.length() > 9 ? 999_999_999 : Long.parseLong(value));
    }

    private static Duration until(String date, Instant now) {
        try {
            return Duration.between(
                    now,
                    ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant());
        } catch (DateTimeException e) {
            return Duration.ZERO;
        }
    }
}
