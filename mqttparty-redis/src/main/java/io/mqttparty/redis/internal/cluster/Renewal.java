package io.mqttparty.redis.internal.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lettuce.core.protocol.CommandType;
import io.mqttparty.redis.internal.lane.Lane;
import io.mqttparty.redis.internal.lane.Lanes;
import io.mqttparty.redis.internal.lane.Reply;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Renews the lease of a node of this process, and looks at its age more often than that, so that a node that cannot renew it gives itself up in
 * time. Confined to the node's executor.
 */
final class Renewal {
    private static final int LOOKS_PER_RENEWAL = 6;

    private final byte[] key;
    private final byte[] secret;
    private final Lane lane;
    private final EventExecutor executor;
    private final ClusterTimings timings;
    private final NodeLease lease;
    private final Runnable onRenewed;
    private @Nullable ScheduledFuture<?> timer;
    private boolean underWay;
    private long nextNanos;

    Renewal(
            byte[] key,
            String secret,
            Lane lane,
            EventExecutor executor,
            ClusterTimings timings,
            NodeLease lease,
            Runnable onRenewed) {
        this.key = key.clone();
        this.secret = secret.getBytes(US_ASCII);
        this.lane = lane;
        this.executor = executor;
        this.timings = timings;
        this.lease = lease;
        this.onRenewed = onRenewed;
    }

    /** Starts; the lease has just been taken. */
    void start() {
        long look = Math.max(1, timings.renewMillis() / LOOKS_PER_RENEWAL);
        nextNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timings.renewMillis());
        timer = executor.scheduleWithFixedDelay(this::look, look, look, TimeUnit.MILLISECONDS);
    }

    /** Does it now: the store was replaced, and may not have the lease. */
    void hurry() {
        nextNanos = System.nanoTime();
        look();
    }

    void stop() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    private void look() {
        if (lease.isHeld() && !underWay && System.nanoTime() - nextNanos >= 0) {
            renew();
        }
    }

    private void renew() {
        underWay = true;
        long sentNanos = System.nanoTime();
        var unused = Lanes.call(
                        lane,
                        CommandType.SET,
                        reply -> !Reply.isNil(reply),
                        key,
                        secret,
                        "XX".getBytes(US_ASCII),
                        "PX".getBytes(US_ASCII),
                        Long.toString(timings.leaseMillis()).getBytes(US_ASCII))
                .whenCompleteAsync((held, failure) -> onAnswer(sentNanos, held, failure), executor);
    }

    private void onAnswer(long sentNanos, @Nullable Boolean held, @Nullable Throwable failure) {
        underWay = false;
        if (failure != null || held == null) {
            return; // the next look tries again
        }
        if (held) {
            nextNanos = sentNanos + TimeUnit.MILLISECONDS.toNanos(timings.renewMillis());
            lease.renewed(sentNanos);
            onRenewed.run();
        } else {
            lease.lose();
        }
    }
}
