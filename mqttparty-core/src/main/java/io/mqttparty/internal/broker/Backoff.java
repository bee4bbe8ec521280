package io.mqttparty.internal.broker;

import java.util.random.RandomGenerator;

/** How long to wait before the next attempt: twice as long each time up to a limit, and not the same for all who failed together. */
final class Backoff {
    private final RandomGenerator random;
    private final long firstNanos;
    private final long longestNanos;
    private long nextNanos;

    Backoff(RandomGenerator random, long firstNanos, long longestNanos) {
        this.random = random;
        this.firstNanos = firstNanos;
        this.longestNanos = longestNanos;
        this.nextNanos = firstNanos;
    }

    /** The wait before the next attempt: from half of the step to all of it. */
    long next() {
        long step = nextNanos;
        nextNanos = Math.min(longestNanos, step * 2);
        return step / 2 + (long) (random.nextDouble() * (step - step / 2));
    }

    /** An attempt succeeded. */
    void reset() {
        nextNanos = firstNanos;
    }
}
