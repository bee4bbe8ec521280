package io.mqttparty.http.internal.client;

/** A monotonic clock and what happens later on it. */
public interface Timers {
    /** The time in nanoseconds, from some origin. */
    long nanoTime();

    /** Runs a task once after this time, on any thread. The task must not block. */
    Scheduled schedule(long delayNanos, Runnable task);

    /** A task that has not run yet. */
    interface Scheduled {
        /** It does not run any more, unless it has begun. */
        void cancel();
    }
}
