package io.mqttparty.internal.broker;

import io.mqttparty.model.MqttPartyException;
import io.mqttparty.spi.RoutePosition;
import io.mqttparty.spi.transport.EventLoop;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps messages from being routed by a mirror of the routes that is too old. SUBACK is sent once all nodes route by the subscription or, at the
 * latest, a cap after it was made: so a node whose mirror is not older than that cap knows each subscription that was answered before the message
 * came. If the mirror is older, the end of the log is asked for, and messages wait until that is applied.
 *
 * <p>Times are those of the home loop. Any thread may ask; what waits is worked off on the home loop.
 */
final class RouteFreshness {
    private static final long RETRY_NANOS = 50_000_000L;

    private final BrokerRuntime broker;
    private final EventLoop home;
    private final long capNanos;
    private final boolean always;
    /** In the order in which they came; on the home loop. */
    private final ArrayDeque<Waiter> waiting = new ArrayDeque<>();

    private volatile boolean anyWaiting;
    private boolean asking;
    private boolean timing;
    /** Until when the mirror may be routed by, as far as is known of it. */
    private volatile long freshUntil;
    /** The end of the log that is waited for, when it was asked for, and how often the mirror has begun anew. */
    private volatile @Nullable RoutePosition awaited;

    private long askedAt;
    private int generation;

    RouteFreshness(BrokerRuntime broker, EventLoop home) {
        this.broker = broker;
        this.home = home;
        this.capNanos = broker.timeouts().routesNanos();
        this.always = broker.cluster().routes().isAlwaysFresh();
        this.freshUntil = home.nanoTime();
    }

    /** A message that waits until it may be routed. */
    private record Waiter(
            LoopContext loop, long nanoTime, long deadline, Runnable onFresh, Consumer<Throwable> onFailure) {}

    /** The time to ask with: not before the message that is to be routed came. Read once for all messages that came together. */
    long now() {
        return always ? 0 : home.nanoTime();
    }

    /** Whether messages that came at this time or before may be routed. */
    boolean isFresh(long nanoTime) {
        return always || nanoTime - freshUntil < 0;
    }

    /** Goes on when messages that came at this time may be routed, or in bounded time with a failure; later, on this loop. */
    void await(LoopContext loop, long nanoTime, Runnable onFresh, Consumer<Throwable> onFailure) {
        long deadline = home.nanoTime() + broker.timeouts().storeNanos();
        Waiter waiter = new Waiter(loop, nanoTime, deadline, onFresh, onFailure);
        if (!broker.homeLoop().execute(() -> add(waiter))) {
            loop.execute(() -> onFailure.accept(new MqttPartyException("routes: the broker is closed")));
        }
    }

    // ---- what the log says, on any thread ----

    /** Everything that was in the log at this time is applied. */
    synchronized void freshAsOf(long nanoTime) {
        long until = nanoTime + capNanos;
        if (until - freshUntil > 0) {
            freshUntil = until;
            if (anyWaiting) {
                broker.homeLoop().execute(this::release);
            }
        }
    }

    /** The log is applied up to this position. */
    void onApplied(RoutePosition position) {
        RoutePosition end = awaited;
        if (end != null && position.compareTo(end) >= 0) {
            broker.homeLoop().execute(this::release);
        }
    }

    /** The mirror begins anew: what was known of its age does not count any more. */
    synchronized void reset() {
        generation++;
        awaited = null;
        freshUntil = home.nanoTime();
    }

    // ---- on the home loop ----

    private void add(Waiter waiter) {
        waiting.add(waiter);
        anyWaiting = true;
        release();
        startTimer();
    }

    private void release() {
        reach();
        while (!waiting.isEmpty() && isFresh(waiting.peek().nanoTime())) {
            Waiter waiter = waiting.remove();
            waiter.loop().execute(waiter.onFresh());
        }
        anyWaiting = !waiting.isEmpty();
        if (anyWaiting && !asking && awaited == null) {
            ask();
        }
    }

    /** The end of the log that was waited for is applied: the mirror is fresh as of the question. */
    private synchronized void reach() {
        RoutePosition end = awaited;
        if (end != null && broker.routes().mirror().applied().compareTo(end) >= 0) {
            awaited = null;
            freshAsOf(askedAt);
        }
    }

    private void ask() {
        asking = true;
        long at = home.nanoTime();
        int asked = generation();
        SpiCalls.call(
                broker.homeLoop(),
                broker.timeouts().storeNanos(),
                "route log",
                () -> broker.cluster().routes().tail(),
                end -> {
                    asking = false;
                    onTail(asked, at, end);
                    release();
                },
                failure -> {
                    broker.log().backendFailed("route log", failure);
                    var unused = home.schedule(RETRY_NANOS, () -> {
                        asking = false;
                        release();
                    });
                });
    }

    private synchronized int generation() {
        return generation;
    }

    private synchronized void onTail(int asked, long at, RoutePosition end) {
        if (asked == generation) {
            askedAt = at;
            awaited = end;
        }
    }

    private void startTimer() {
        Waiter first = waiting.peek();
        if (first != null && !timing) {
            timing = true;
            var unused = home.schedule(Math.max(0, first.deadline() - home.nanoTime()), this::expire);
        }
    }

    private void expire() {
        timing = false;
        while (!waiting.isEmpty() && waiting.peek().deadline() - home.nanoTime() <= 0) {
            Waiter waiter = waiting.remove();
            waiter.loop().execute(() -> waiter.onFailure().accept(new MqttPartyException("routes: not fresh in time")));
        }
        anyWaiting = !waiting.isEmpty();
        startTimer();
    }
}
