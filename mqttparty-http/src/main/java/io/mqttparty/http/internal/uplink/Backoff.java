package io.mqttparty.http.internal.uplink;

import java.util.random.RandomGenerator;

/**
 * How long to wait before the next try: twice as long each time up to a limit, and not the same for all that failed together.
 *
 * @param firstNanos the longest wait after the first try
 * @param longestNanos the longest wait
 */
public record Backoff(long firstNanos, long longestNanos) {
    private static final int MOST_DOUBLINGS = 30;

    /** Checks the times. */
    public Backoff {
        if (firstNanos < 1 || longestNanos < firstNanos) {
            throw new IllegalArgumentException("backoff: " + firstNanos + " to " + longestNanos
                    + " ns (expected: longer than nothing, the longest last)");
        }
    }

    /** The wait after so many tries, from half of the step to all of it. */
    long nanos(int tries, RandomGenerator random) {
        int doublings = Math.min(tries - 1, MOST_DOUBLINGS);
        long step = firstNanos > longestNanos >> doublings ? longestNanos : firstNanos << doublings;
        return step / 2 + (long) (random.nextDouble() * (step - step / 2));
    }
}
