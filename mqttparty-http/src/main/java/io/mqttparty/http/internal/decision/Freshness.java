package io.mqttparty.http.internal.decision;

import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Locale;

/**
 * How long an answer may be kept (RFC 9111) by a cache of one reader: as long as {@code max-age} says, less its {@code Age}; not at all without one, with {@code no-store} or
 * {@code no-cache}, or if anything about it is unclear.
 */
final class Freshness {
    private static final int MOST_DIGITS = 9;

    private Freshness() {}

    /** In seconds; 0 if it may not be kept. */
    static long seconds(HttpHeaders headers) {
        long seconds = -1;
        for (String line : headers.allValues("cache-control")) {
            for (String each : line.split(",", -1)) {
                String directive = each.strip().toLowerCase(Locale.ROOT);
                int equals = directive.indexOf('=');
                String name =
                        equals < 0 ? directive : directive.substring(0, equals).strip();
                switch (name) {
                    case "no-store", "no-cache" -> {
                        return 0;
                    }
                    case "max-age" -> {
                        long age = number(
                                equals < 0
                                        ? ""
                                        : directive.substring(equals + 1).strip());
                        seconds = seconds < 0 ? age : Math.min(seconds, age);
                    }
                    default -> {
                        // of no concern here
                    }
                }
            }
        }
        return seconds <= 0 || variesByAnything(headers) ? 0 : Math.max(0, seconds - age(headers));
    }

    /** Everything else that the request could vary by is the same in each request with the same body. */
    private static boolean variesByAnything(HttpHeaders headers) {
        return headers.allValues("vary").stream().anyMatch(value -> value.contains("*"));
    }

    private static long age(HttpHeaders headers) {
        List<String> ages = headers.allValues("age");
        if (ages.isEmpty()) {
            return 0;
        }
        String age = ages.get(0).strip();
        return isNumber(age) ? number(age) : Long.MAX_VALUE;
    }

    /** 0 if it is none, so that the answer is not kept. */
    private static long number(String text) {
        boolean quoted = text.length() > 2 && text.startsWith("\"") && text.endsWith("\"");
        String digits = quoted ? text.substring(1, text.length() - 1) : text;
        if (!isNumber(digits)) {
            return 0;
        }
        return digits.length() > MOST_DIGITS ? Integer.MAX_VALUE : Long.parseLong(digits);
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
