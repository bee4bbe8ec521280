package io.mqttparty.redis.internal.cluster;

import io.mqttparty.spi.ClusterBus;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The lease of a node of this process, by the monotonic clock: it holds for a time after the last good renewal was <em>sent</em>, since Redis
 * cannot have seen that one earlier. Whoever first finds that it is over ends it for good. Any thread may use it.
 */
final class NodeLease implements ClusterBus.Lease {
    private final long fenceNanos;
    private final Runnable onLost;
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile long renewedNanos;

    NodeLease(ClusterTimings timings, Runnable onLost) {
        this.fenceNanos = TimeUnit.MILLISECONDS.toNanos(timings.fenceMillis());
        this.onLost = onLost;
        this.renewedNanos = System.nanoTime();
    }

    @Override
    public boolean isHeld() {
        if (over.get()) {
            return false;
        }
        if (System.nanoTime() - renewedNanos < fenceNanos) {
            return true;
        }
        lose();
        return false;
    }

    /** A renewal that was sent at this time was good. */
    void renewed(long sentNanos) {
        renewedNanos = sentNanos;
    }

    /** The lease is over: Redis says so, or too much time has passed. */
    void lose() {
        if (over.compareAndSet(false, true)) {
            onLost.run();
        }
    }

    /** The node gives it up; nobody needs to be told. */
    void giveUp() {
        over.set(true);
    }
}
