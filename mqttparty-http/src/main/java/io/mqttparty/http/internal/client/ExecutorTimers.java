package io.mqttparty.http.internal.client;

import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Timers on an executor, and the time of the system. */
public final class ExecutorTimers implements Timers {
    private static final Scheduled NEVER = () -> {};

    private final ScheduledExecutorService executor;

    /** Timers on this executor, which stays the caller's. */
    public ExecutorTimers(ScheduledExecutorService executor) {
        this.executor = executor;
    }

    /** An executor with one daemon thread, for timers only. */
    public static ScheduledExecutorService newExecutor() {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, new DaemonThreads("timer"));
        executor.setRemoveOnCancelPolicy(true);
        return executor;
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Scheduled schedule(long delayNanos, Runnable task) {
        try {
            Future<?> future = executor.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        } catch (RejectedExecutionException e) { // it is shut down: nothing happens later any more
            return NEVER;
        }
    }
}
