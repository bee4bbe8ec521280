package io.mqttparty.http;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What the builders of this package ask of their arguments. */
final class Arguments {
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(365);

    private Arguments() {}

    /**
     * A value that is set for the first time. The message has none of both: they may be secrets, or say nothing.
     *
     * @throws IllegalStateException if it was set before
     */
    static <T> T once(String name, @Nullable T before, T value) {
        requireNonNull(value, name);
        if (before != null) {
            throw new IllegalStateException(name + ": set twice (expected: once)");
        }
        return value;
    }

    /**
     * A time that a timer can measure.
     *
     * @throws IllegalArgumentException if it is shorter than a millisecond or longer than a year
     */
    static Duration positive(String name, Duration value) {
        if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: 1 millisecond to 365 days)");
        }
        return value;
    }

    /**
     * A value within its limits.
     *
     * @throws IllegalArgumentException if it is outside
     */
    static <T extends Comparable<T>> T range(String name, T value, T least, T most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + least + " to " + most + ")");
        }
        return value;
    }
}
