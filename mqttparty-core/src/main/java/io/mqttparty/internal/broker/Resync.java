package io.mqttparty.internal.broker;

import io.mqttparty.model.ReasonCode;
import io.mqttparty.spi.Counter;
import io.mqttparty.spi.SessionRef;
import io.mqttparty.spi.SessionStore.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares the persistent sessions of this node with the store after something that this node was to be told may have been lost: a node has died
 * with wake-ups unsent, records of the bus are lost, or the store was replaced by an older copy of it. A session that has another owner, or none,
 * is dropped and not read any more; one with records that nobody told of is read; one whose records the store has lost is numbered anew. Each
 * loop looks after its own connections, page by page.
 */
final class Resync {
    private static final int PAGE = 500;
    private static final long PACE_NANOS = 5_000_000L;

    private static final long FIRST_RETRY_NANOS = 200_000_000L;
    private static final long LONGEST_RETRY_NANOS = 5_000_000_000L;

    private final BrokerRuntime broker;

    Resync(BrokerRuntime broker) {
        this.broker = broker;
    }

    /** Looks at all sessions; on any thread. */
    void start() {
        broker.loops().each(loop -> new Run(loop, connectionsOf(loop)).page(0));
    }

    /** Records of the bus are lost: transient sessions may have missed what they were owed, and are closed. On any thread. */
    void onGap() {
        broker.log().gap();
        broker.loops().add(Counter.BUS_GAPS);
        broker.loops().each(loop -> {
            for (ConnectionDriver connection : connectionsOf(loop)) {
                LiveSession session = connection.sessionIfAny();
                if (session != null && !session.persistent && session.isOwed()) {
                    connection.end(ReasonCode.SERVER_UNAVAILABLE);
                }
            }
            new Run(loop, connectionsOf(loop)).page(0);
        });
    }

    /** Looks at the session of a connection that was accepted while the others were looked at. */
    void check(ConnectionDriver connection) {
        new Run(connection.loop(), List.of(connection)).page(0);
    }

    private List<ConnectionDriver> connectionsOf(LoopContext loop) {
        List<ConnectionDriver> own = new ArrayList<>();
        broker.local().forEach(connection -> {
            if (connection.loop() == loop) {
                own.add(connection);
            }
        });
        return own;
    }

    /** What was known of a session when the store was asked for it. */
    private record Asked(ConnectionDriver connection, LiveSession session, long sentUpTo) {}

    /** One look at the connections of one loop. */
    private final class Run {
        private final LoopContext loop;
        private final List<ConnectionDriver> connections;
        private final Backoff backoff = new Backoff(broker.random(), FIRST_RETRY_NANOS, LONGEST_RETRY_NANOS);

        Run(LoopContext loop, List<ConnectionDriver> connections) {
            this.loop = loop;
            this.connections = connections;
        }

        void page(int first) {
            Map<SessionRef, Asked> asked = new HashMap<>();
            int from = first;
            int to = first;
            while (asked.isEmpty() && to < connections.size()) {
                from = to;
                to = Math.min(from + PAGE, connections.size());
                collect(connections.subList(from, to), asked);
            }
            if (!asked.isEmpty()) {
                ask(from, to, asked);
            }
        }

        private void collect(List<ConnectionDriver> some, Map<SessionRef, Asked> asked) {
            for (ConnectionDriver connection : some) {
                LiveSession session = connection.sessionIfAny();
                ConnectFlow connecting = connection.connecting();
                if (session == null && connecting != null) {
                    connecting.checkOnAccept();
                } else if (session != null && session.persistent && !connection.isClosed()) {
                    long sentUpTo = connection.machine().sentUpTo();
                    asked.put(session.ref, new Asked(connection, session, sentUpTo));
                }
            }
        }

        private void ask(int from, int to, Map<SessionRef, Asked> asked) {
            SpiCalls.call(
                    loop,
                    broker.timeouts().storeNanos(),
                    "session store",
                    () -> broker.sessions().positions(asked.keySet()),
                    positions -> {
                        compare(positions, asked);
                        if (to < connections.size()) {
                            var unused = loop.eventLoop().schedule(PACE_NANOS, () -> page(to));
                        }
                    },
                    failure -> {
                        broker.log().backendFailed("resync", failure);
                        var unused = loop.eventLoop().schedule(backoff.next(), () -> page(from));
                    });
        }

        private void compare(List<Position> positions, Map<SessionRef, Asked> asked) {
            backoff.reset();
            Map<SessionRef, Asked> gone = new HashMap<>(asked);
            for (Position position : positions) {
                Asked each = gone.remove(position.session());
                if (each != null) {
                    compare(position, each);
                }
            }
            gone.values().forEach(each -> each.connection().end(ReasonCode.SESSION_TAKEN_OVER));
        }

        private void compare(Position position, Asked asked) {
            ConnectionDriver connection = asked.connection();
            if (connection.isClosed()) {
                return;
            }
            if (position.epoch() != asked.session().fence.epoch()) {
                connection.end(ReasonCode.SESSION_TAKEN_OVER);
            } else if (position.lastSeq() < asked.sentUpTo()) {
                connection
                        .pressure()
                        .awaitAnswer(); // what it acknowledges now are numbers of records that do not exist
                renumber(asked);
            } else {
                connection.onPushed(position.session(), position.lastSeq(), null);
            }
        }

        private void renumber(Asked asked) {
            ConnectionDriver connection = asked.connection();
            if (connection.isClosed()) {
                return;
            }
            asked.session().takeAcknowledged();
            SpiCalls.call(
                    loop,
                    broker.timeouts().storeNanos(),
                    "session store",
                    () -> broker.sessions()
                            .renumber(
                                    asked.session().fence, connection.machine().sentUpTo()),
                    result -> connection.end(ReasonCode.SERVER_UNAVAILABLE),
                    failure -> {
                        broker.log().backendFailed("resync", failure);
                        var unused = loop.eventLoop().schedule(backoff.next(), () -> renumber(asked));
                    });
        }
    }
}
