package io.mqttparty.internal.broker;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.ReasonCode;
import io.mqttparty.spi.Fence;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.SessionStore.Detach;
import io.mqttparty.spi.SessionStore.PendingWill;
import io.mqttparty.spi.Token;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * What happens when an accepted connection is over: its routes go, its publishes are finished, its session is detached, its will is published.
 * A detach whose outcome is unknown is repeated until the store has answered.
 */
final class SessionEnds {
    /** How long publishes that were accepted may take before the session is detached without them. */
    private static final long FINISH_NANOS = 5_000_000_000L;

    private static final long FIRST_RETRY_NANOS = 200_000_000L;
    private static final long LONGEST_RETRY_NANOS = 30_000_000_000L;

    private final BrokerRuntime broker;
    private final AtomicInteger open = new AtomicInteger();

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
            broker.acknowledge(connection.loop(), session.ref, session.takeAcknowledged());
        }
        detach(connection.loop(), session.fence, clean ? Detach.CLEAN : Detach.LOST, sentUpTo, result -> {
            broker.local().remove(session.clientId(), connection);
            session.replyToKick(broker.kicks());
            if (result == FenceResult.OK && !clean && session.will.isPresent()) { // [MQTT-3.1.2-8]
                var pending = new PendingWill(
                        session.clientId(), session.fence.epoch(), session.client.username(), session.will.get());
                broker.wills().fire(connection.loop(), session.client, pending, open::decrementAndGet);
            } else {
                open.decrementAndGet();
            }
        });
    }

    /** Detaches, again and again until the store answers. */
    void detach(LoopContext loop, Fence fence, Detach how, long sentUpTo, Consumer<FenceResult> onDone) {
        detach(loop, fence, how, sentUpTo, FIRST_RETRY_NANOS, onDone);
    }

    /** Undoes an attach whose outcome is unknown. */
    void detachUnknown(LoopContext loop, ClientId client, Token token) {
        detach(loop, new Fence(client, token, 0), Detach.CLEAN, 0, result -> {});
    }

    private void detach(
            LoopContext loop, Fence fence, Detach how, long sentUpTo, long retryNanos, Consumer<FenceResult> onDone) {
        SpiCalls.call(
                loop,
                broker.timeouts().storeNanos(),
                "session store",
                () -> broker.sessions().detach(fence, how, sentUpTo),
                onDone,
                failure -> {
                    broker.log().spiFailed("session store", fence.client(), failure);
                    long next = Math.min(LONGEST_RETRY_NANOS, retryNanos * 2);
                    var unused = loop.eventLoop()
                            .schedule(retryNanos, () -> detach(loop, fence, how, sentUpTo, next, onDone));
                });
    }
}
