package io.mqttparty.netty.internal;

import io.mqttparty.spi.transport.EventLoop;
import java.lang.System.Logger.Level;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A task that waits. Netty would keep what it throws in a future that nobody reads; here it is logged. */
final class ScheduledTask implements Runnable, EventLoop.Scheduled {
    private static final System.Logger LOG = System.getLogger("io.mqttparty.netty");

    private final Runnable task;

    /** Null only inside {@link NettyEventLoop#schedule}. */
    private volatile @Nullable Future<?> future;

    ScheduledTask(Runnable task) {
        this.task = task;
    }

    void future(Future<?> waiting) {
        future = waiting;
    }

    @Override
    public void run() {
        try {
            task.run();
        } catch (Throwable t) {
            LOG.log(Level.WARNING, "a scheduled task failed", t);
        }
    }

    @Override
    public void cancel() {
        Future<?> waiting = future;
        if (waiting != null) {
            waiting.cancel(false);
        }
    }
}
