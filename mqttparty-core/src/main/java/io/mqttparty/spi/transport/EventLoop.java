package io.mqttparty.spi.transport;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * One thread that runs tasks in the order of their submission. It also is the broker's clock, so that a test which owns the loop owns the
 * time. All methods may be called from any thread. A closed loop throws {@link RejectedExecutionException}.
 *
 * <p>A task that is submitted on the loop itself runs after the input of the current turn has been worked off, before the loop waits again:
 * the broker uses this to flush once per turn.
 */
public interface EventLoop extends Executor {
    /** Whether the caller runs on this loop. */
    boolean inEventLoop();

    /** Runs the task on this loop once, after at least this delay in nanoseconds. */
    Scheduled schedule(long delayNanos, Runnable task);

    /** A monotonic time in nanoseconds with an arbitrary origin, as {@link System#nanoTime()} gives it. */
    long nanoTime();

    /** A task that waits for its time. */
    interface Scheduled {
        /** Drops the task if it has not begun. */
        void cancel();
    }
}
