package io.mqttparty.http.internal.client;

import io.mqttparty.spi.transport.EventLoop;
import io.mqttparty.testkit.FakeClock;

/** Timers on the clock of a test. */
public final class ClockTimers implements Timers {
    private final EventLoop loop;

    public ClockTimers(FakeClock clock) {
        this.loop = clock.newEventLoop("timers");
    }

    @Override
    public long nanoTime() {
        return loop.nanoTime();
    }

    @Override
    public Scheduled schedule(long delayNanos, Runnable task) {
        return loop.schedule(delayNanos, task)::cancel;
    }
}
