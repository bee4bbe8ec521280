package io.mqttparty.internal.memory;

import io.mqttparty.model.MqttPartyException;
import io.mqttparty.spi.RouteChange;
import io.mqttparty.spi.RouteLog.RouteSink;
import io.mqttparty.spi.RoutePosition;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One mirror of the route log. Entries are offered in order with the log's lock held; whichever thread finds nobody delivering delivers them,
 * without lock, one at a time.
 */
final class RouteFollower {
    private static final Logger LOG = System.getLogger(RouteFollower.class.getName());

    private final RouteSink sink;
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger calls = new AtomicInteger();
    private volatile RoutePosition applied = RoutePosition.START;
    private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();
    private volatile boolean ended;

    RouteFollower(RouteSink sink) {
        this.sink = sink;
    }

    void offer(RouteChange change, RoutePosition position) {
        waiting.add(() -> sink.apply(change, position));
    }

    void offerBeginOfSnapshot() {
        waiting.add(sink::beginSnapshot);
    }

    void offerEndOfSnapshot(RoutePosition position) {
        waiting.add(() -> {
            sink.endSnapshot(position);
            caughtUp.complete(null);
        });
    }

    /** Completes when the snapshot has been delivered. */
    CompletionStage<Void> caughtUp() {
        return caughtUp;
    }

    /** Delivers what waits, or leaves it to the thread that is delivering. */
    void deliver() {
        if (calls.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        while (seen != 0) {
            deliverAll();
            seen = calls.addAndGet(-seen);
        }
    }

    private void deliverAll() {
        long readAt = sink.nanoTime();
        for (Runnable each = waiting.poll(); each != null && !ended; each = waiting.poll()) {
            run(each);
            readAt = sink.nanoTime();
        }
        long freshAt = readAt;
        if (!ended) {
            run(() -> sink.freshAsOf(freshAt));
        }
    }

    private static void run(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "a mirror of the route log failed", e);
        }
    }

    /** Nothing more is delivered. */
    void end() {
        ended = true;
        waiting.clear();
        caughtUp.completeExceptionally(new MqttPartyException("routes: followed no longer (expected: a member)"));
    }

    /** How far the mirror has applied the log; it never goes back. */
    synchronized void applied(RoutePosition position) {
        if (position.compareTo(applied) > 0) {
            applied = position;
        }
    }

    RoutePosition applied() {
        return applied;
    }
}
