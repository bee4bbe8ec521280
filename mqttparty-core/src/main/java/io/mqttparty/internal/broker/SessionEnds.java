package io.mqttparty.internal.broker;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.ReasonCode;
import io.mqttparty.spi.Counter;
import io.mqttparty.spi.Fence;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.SessionStore.Detach;
import io.mqttparty.spi.SessionStore.PendingWill;
import io.mqttparty.spi.Token;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * What happens when an accepted connection is over: its routes go, its publishes are finished, its session is detached, its will is published.
 * A detach whose outcome is unknown is repeated until the store has answered. As many as there may be connections wait for that at a time; of
 * others the store is not told. Then their sessions look connected until their client comes back or this node leaves the cluster.
 */
final class SessionEnds {
    /** How long publishes that were accepted may take before the session is detached without them. */
    private static final long FINISH_NANOS = 5_000_000_000L;

    private static final long FIRST_RETRY_NANOS = 200_000_000L;
    private static final long LONGEST_RETRY_NANOS = 30_000_000_000L;

    private final BrokerRuntime broker;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger unanswered = new AtomicInteger();

    SessionEnds(BrokerRuntime broker) {
        this.broker = broker;
    }

    /** How many sessions are being ended now. */
    int open() {
        return open.get();
    }

    /** The connection is closed; on its loop. */
    void end(ConnectionDriver connection, ReasonCode reason) {
        LiveSession session = connection.session();
        open.incrementAndGet();
        for (var filter : session.filters()) {
            var unused = broker.routes().unsubscribe(connection, filter);
        }
        Watches watches = session.watchesIfAny();
        if (watches != null) {
            watches.onClosed();
        }
        if (reason == ReasonCode.SESSION_TAKEN_OVER || !session.member.isHeld()) {
            detach(connection, session, reason);
        } else {
            connection.pressure().whenSettled(FINISH_NANOS, () -> detach(connection, session, reason));
        }
    }

    private void detach(ConnectionDriver connection, LiveSession session, ReasonCode reason) {
        boolean clean = reason == ReasonCode.SUCCESS || reason == ReasonCode.SERVER_SHUTTING_DOWN;
        long sentUpTo = connection.machine().sentUpTo();
        if (session.hasAcknowledged()) {
            broker.writeBehind().acknowledge(connection.loop(), session.ref, session.takeAcknowledged());
        }
        detach(connection.loop(), session.fence, clean ? Detach.CLEAN : Detach.LOST, sentUpTo, result -> {
            broker.local().remove(session.clientId(), connection);
            session.onEnd();
            if (result == FenceResult.OK && !clean && session.will.isPresent()) { // [MQTT-3.1.2-8]
                var pending = new PendingWill(
                        session.clientId(), session.fence.epoch(), session.client.username(), session.will.get());
                broker.wills().fire(connection.loop(), session.client, pending, open::decrementAndGet);
            } else {
                open.decrementAndGet();
            }
        });
    }

    /** Detaches, again and again until the store answers; {@code onDone} hears of its answer, or STALE if it is not told. */
    void detach(LoopContext loop, Fence fence, Detach how, long sentUpTo, Consumer<FenceResult> onDone) {
        new Detaching(loop, fence, how, sentUpTo, onDone).attempt();
    }

    /** Undoes an attach whose outcome is unknown. */
    void detachUnknown(LoopContext loop, ClientId client, Token token, Runnable onDone) {
        detach(loop, new Fence(client, token, 0), Detach.CLEAN, 0, result -> onDone.run());
    }

    /** One detach. From its first failure to its answer it is one of those that wait for the store, which are bounded. */
    private final class Detaching {
        private final LoopContext loop;
        private final Fence fence;
        private final Detach how;
        private final long sentUpTo;
        private final Consumer<FenceResult> onDone;
        private long retryNanos = FIRST_RETRY_NANOS;
        private boolean waits;

        Detaching(LoopContext loop, Fence fence, Detach how, long sentUpTo, Consumer<FenceResult> onDone) {
            this.loop = loop;
            this.fence = fence;
            this.how = how;
            this.sentUpTo = sentUpTo;
            this.onDone = onDone;
        }

        void attempt() {
            SpiCalls.call(
                    loop,
                    broker.timeouts().storeNanos(),
                    "session store",
                    () -> broker.sessions().detach(fence, how, sentUpTo),
                    this::answered,
                    this::failed);
        }

        private void answered(FenceResult result) {
            if (waits) {
                unanswered.decrementAndGet();
            }
            onDone.accept(result);
        }

        private void failed(Throwable failure) {
            broker.log().spiFailed("session store", fence.client(), failure);
            if (!waits && unanswered.incrementAndGet() > broker.limits().connections()) {
                unanswered.decrementAndGet();
                loop.counters().add(Counter.DETACHES_ABANDONED);
                broker.log().detachAbandoned(fence.client());
                onDone.accept(FenceResult.STALE);
                return;
            }
            waits = true;
            var unused = loop.eventLoop().schedule(loop.jittered(retryNanos), this::attempt);
            retryNanos = Math.min(LONGEST_RETRY_NANOS, retryNanos * 2);
        }
    }
}
