package io.mqttparty.testkit;

import io.mqttparty.spi.transport.EventLoop;
import java.util.Comparator;
import java.util.function.Consumer;

/** A task that waits for its time. The earlier one comes first, at the same time the one that was submitted first. */
final class Timer implements EventLoop.Scheduled, Comparable<Timer> {
    private static final Comparator<Timer> ORDER =
            Comparator.comparingLong(Timer::dueNanos).thenComparingLong(each -> each.submission);

    private final long dueNanos;
    private final long submission;
    private final LoopbackEventLoop loop;
    private final Runnable task;
    private final Consumer<Timer> onCancel;
    private volatile boolean cancelled;

    Timer(long dueNanos, long submission, LoopbackEventLoop loop, Runnable task, Consumer<Timer> onCancel) {
        this.dueNanos = dueNanos;
        this.submission = submission;
        this.loop = loop;
        this.task = task;
        this.onCancel = onCancel;
    }

    long dueNanos() {
        return dueNanos;
    }

    LoopbackEventLoop loop() {
        return loop;
    }

    void run() {
        if (!cancelled) {
            task.run();
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        onCancel.accept(this);
    }

    @Override
    public int compareTo(Timer other) {
        return ORDER.compare(this, other);
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(submission);
    }
}
