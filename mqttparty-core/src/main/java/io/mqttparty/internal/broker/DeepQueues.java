package io.mqttparty.internal.broker;

import io.mqttparty.spi.Counter;
import io.mqttparty.spi.Owner;
import io.mqttparty.spi.SessionRef;
import io.mqttparty.spi.SessionStore.Position;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Publishers of one loop that are held because the queue of a client on another node is more than half full. They go on when it is down to a
 * quarter, and after a second in any case. If the client has acknowledged nothing in that second it is stuck: it holds nobody for a while, and
 * its queue drops its oldest messages. Confined to its loop.
 */
final class DeepQueues {
    /** Of so many sessions the depth is watched; those beyond hold nobody. */
    static final int LIMIT = 10_000;

    private static final long POLL_NANOS = 50_000_000L;

    private final BrokerRuntime broker;
    private final LoopContext loop;
    private final Map<SessionRef, Deep> sessions = new HashMap<>();
    private boolean polling;

    DeepQueues(BrokerRuntime broker, LoopContext loop) {
        this.broker = broker;
        this.loop = loop;
    }

    /** A session whose queue is deep, or was, and is stuck since. */
    private static final class Deep {
        final Set<ConnectionDriver> held = new LinkedHashSet<>();
        final long acknowledgedBefore;
        long acknowledgedUpTo;
        boolean stuck;
        long stuckUntil;

        Deep(long acknowledgedUpTo) {
            this.acknowledgedBefore = acknowledgedUpTo;
            this.acknowledgedUpTo = acknowledgedUpTo;
        }

        void acknowledged(long upTo) {
            acknowledgedUpTo = Math.max(acknowledgedUpTo, upTo);
        }
    }

    /**
     * A record of a publisher was appended to a queue: holds the publisher if that is deep and its client is connected.
     *
     * @param acknowledgedUpTo how far the client had come then
     */
    static void check(
            BrokerRuntime broker,
            ConnectionDriver publisher,
            SessionRef session,
            long seq,
            Owner owner,
            long acknowledgedUpTo) {
        ConnectionDriver local = broker.local().newest(session.client());
        if (local != null) {
            if (local.isCongested()) {
                local.holdBack(publisher);
            }
        } else if (seq - acknowledgedUpTo > broker.limits().queueMessages() / 2 && owner.isOnline()) {
            publisher.loop().deepQueues(broker).hold(publisher, session, acknowledgedUpTo);
        }
    }

    private void hold(ConnectionDriver publisher, SessionRef session, long acknowledgedUpTo) {
        Deep deep = sessions.get(session);
        if (deep != null && deep.stuck && loop.eventLoop().nanoTime() - deep.stuckUntil >= 0) {
            sessions.remove(session);
            deep = null;
        }
        if (deep == null) {
            deep = begin(session, acknowledgedUpTo);
        }
        if (deep == null || deep.stuck || publisher.isClosed()) {
            return;
        }
        deep.acknowledged(acknowledgedUpTo);
        deep.held.add(publisher);
        publisher.pressure().holdPublisher(Pressure.REMOTE_SUBSCRIBER);
    }

    private @Nullable Deep begin(SessionRef session, long acknowledgedUpTo) {
        if (sessions.size() >= LIMIT) {
            forgetStuck();
        }
        if (sessions.size() >= LIMIT) {
            loop.counters().add(Counter.DEEP_QUEUES_UNWATCHED);
            return null;
        }
        Deep deep = new Deep(acknowledgedUpTo);
        sessions.put(session, deep);
        var unused = loop.eventLoop().schedule(Pressure.LONGEST_HOLD_NANOS, () -> giveUp(session, deep));
        poll();
        return deep;
    }

    private void forgetStuck() {
        long now = loop.eventLoop().nanoTime();
        sessions.values().removeIf(deep -> deep.stuck && now - deep.stuckUntil >= 0);
    }

    private void giveUp(SessionRef session, Deep deep) {
        if (sessions.get(session) != deep) {
            return;
        }
        if (deep.acknowledgedUpTo
                > deep.acknowledgedBefore) { // slow, not stuck: what they publish next holds them again
            sessions.remove(session);
        } else {
            deep.stuck = true;
            deep.stuckUntil = loop.eventLoop().nanoTime() + Pressure.STUCK_NANOS;
        }
        release(deep);
    }

    private static void release(Deep deep) {
        List<ConnectionDriver> held = List.copyOf(deep.held);
        deep.held.clear();
        held.forEach(publisher -> publisher.pressure().release(Pressure.REMOTE_SUBSCRIBER));
    }

    // ---- the depth now ----

    private void poll() {
        if (!polling) {
            polling = true;
            var unused = loop.eventLoop().schedule(POLL_NANOS, this::ask);
        }
    }

    private void ask() {
        Set<SessionRef> asked = new HashSet<>();
        sessions.forEach((session, deep) -> {
            if (!deep.stuck) {
                asked.add(session);
            }
        });
        if (asked.isEmpty()) {
            polling = false;
            return;
        }
        SpiCalls.call(
                loop,
                broker.timeouts().storeNanos(),
                "session store",
                () -> broker.sessions().positions(asked),
                positions -> {
                    positions.forEach(position -> learn(position, asked));
                    asked.forEach(this::relieve); // those that are left are gone
                    askAgain();
                },
                failure -> {
                    broker.log().backendFailed("depth of queues", failure);
                    askAgain();
                });
    }

    private void askAgain() {
        polling = false;
        poll();
    }

    private void learn(Position position, Set<SessionRef> asked) {
        asked.remove(position.session());
        Deep deep = sessions.get(position.session());
        if (deep == null) {
            return;
        }
        deep.acknowledged(position.acknowledgedUpTo());
        if (position.lastSeq() - position.acknowledgedUpTo() <= broker.limits().queueMessages() / 4) {
            relieve(position.session());
        }
    }

    private void relieve(SessionRef session) {
        Deep deep = sessions.get(session);
        if (deep != null && !deep.stuck) {
            sessions.remove(session);
            release(deep);
        }
    }
}
