package io.mqttparty.internal.broker;

import io.mqttparty.spi.Counter;
import io.mqttparty.spi.SessionStore.PendingWill;
import io.mqttparty.spi.SessionStore.Swept;
import io.mqttparty.spi.transport.EventLoop;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Every two seconds: sessions that have expired go, wills that nobody else published are published, stale caches are emptied, calls of and to nodes that left are ended. */
final class Sweeper {
    private static final long PERIOD_NANOS = 2_000_000_000L;
    private static final int PAGE = 1_000;

    private final BrokerRuntime broker;
    private volatile boolean running;
    private volatile EventLoop.@Nullable Scheduled next;

    Sweeper(BrokerRuntime broker) {
        this.broker = broker;
    }

    void start() {
        running = true;
        schedule(PERIOD_NANOS);
    }

    void stop() {
        running = false;
        EventLoop.Scheduled waiting = next;
        if (waiting != null) {
            waiting.cancel();
        }
    }

    private void schedule(long delayNanos) {
        if (!running) {
            return;
        }
        try {
            next = broker.homeLoop().eventLoop().schedule(delayNanos, this::sweep);
        } catch (RejectedExecutionException e) {
            running = false; // the loop is closed, and the broker with it
        }
    }

    private void sweep() {
        broker.loops().each(loop -> loop.routes().dropStale());
        broker.forgetNodesThatLeft();
        if (!broker.isServing()) {
            schedule(PERIOD_NANOS); // others do it meanwhile
            return;
        }
        LoopContext loop = broker.homeLoop();
        SpiCalls.call(
                loop,
                broker.timeouts().storeNanos(),
                "session store",
                () -> broker.sessions().sweep(PAGE),
                swept -> swept(loop, swept),
                failure -> {
                    broker.log().backendFailed("sweep", failure);
                    schedule(PERIOD_NANOS);
                });
    }

    private void swept(LoopContext loop, Swept swept) {
        loop.counters().add(Counter.SESSIONS_EXPIRED, swept.expired());
        boolean more = swept.expired() == PAGE || swept.wills().size() == PAGE;
        List<PendingWill> wills = swept.wills();
        Steps.each(
                wills.size(),
                // One a turn: a thousand at once must not keep the loop from its connections.
                (index, next) -> broker.wills().fire(loop, wills.get(index), () -> loop.execute(next)),
                () -> schedule(more ? 1 : PERIOD_NANOS));
    }
}
