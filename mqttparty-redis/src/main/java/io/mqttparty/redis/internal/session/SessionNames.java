package io.mqttparty.redis.internal.session;

import io.mqttparty.model.ClientId;
import io.mqttparty.spi.SessionRef;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What this node believes to be the incarnation of a client's session and the node that owns it: names of keys that a script needs before it can
 * look. A wrong belief costs a round trip, never more. So this is a table of fixed size, in which a client has four places and the latest belief drives out
 * the oldest of them; two threads that change the same places may lose one. What comes from the route log, which speaks of all clients of all nodes, takes
 * only places that no connected client has. Any thread may use it.
 */
final class SessionNames {
    private static final int PLACES = 4;
    private static final int SMALLEST = 1 << 10;
    private static final int LARGEST = 1 << 20;
    private static final String NONE = "";

    private final AtomicReferenceArray<@Nullable Names> table;

    /**
     * An empty table.
     *
     * @param connections how many clients this node may have: they are remembered, and as many more as there is room for
     */
    SessionNames(int connections) {
        int size = Integer.highestOneBit(Math.max(SMALLEST, Math.min(connections, LARGEST)) - 1) << 1;
        this.table = new AtomicReferenceArray<>(PLACES * size);
    }

    /** What is believed of a client; {@link Names#isUnknown} if nothing is. */
    Names of(ClientId client) {
        int first = first(client);
        for (int i = first; i < first + PLACES; i++) {
            Names names = table.get(i);
            if (names != null && names.client.equals(client)) {
                return names;
            }
        }
        return new Names(client, NONE, NONE);
    }

    /** Believes this from now on, since a script has said so. An empty text means none. */
    void learn(ClientId client, String incarnation, String node) {
        Names moving = new Names(client, incarnation, node);
        int first = first(client);
        for (int i = first; i < first + PLACES && moving != null; i++) {
            Names before = table.getAndSet(i, moving);
            moving = before != null && before.client.equals(client) ? null : before;
        }
    }

    /** The client is no longer connected; its session goes on. */
    void left(ClientId client) {
        int first = first(client);
        for (int i = first; i < first + PLACES; i++) {
            Names names = table.get(i);
            if (names != null && names.client.equals(client)) {
                table.compareAndSet(i, names, new Names(client, names.incarnation, NONE));
            }
        }
    }

    /** The session is over. */
    void ended(SessionRef session) {
        ended(session.client(), session.incarnation().value());
    }

    /** The session is over. */
    void ended(ClientId client, String incarnation) {
        int first = first(client);
        for (int i = first; i < first + PLACES; i++) {
            Names names = table.get(i);
            if (names != null && names.client.equals(client) && names.incarnation.equals(incarnation)) {
                table.compareAndSet(i, names, null);
            }
        }
    }

    /** The route log speaks of a session. */
    void heard(SessionRef session) {
        ClientId client = session.client();
        String incarnation = session.incarnation().value();
        int first = first(client);
        int room = -1;
        for (int i = first; i < first + PLACES; i++) {
            Names names = table.get(i);
            if (names != null && names.client.equals(client)) {
                room = names.incarnation.equals(incarnation) ? -1 : i;
                break;
            }
            if (room < 0 || table.get(room) != null) {
                room = names == null || names.node.isEmpty()
                        ? i
                        : room; // the first that is free, or the last and oldest
            }
        }
        if (room >= 0) {
            table.set(room, new Names(client, incarnation, NONE));
        }
    }

    private int first(ClientId client) {
        int mixed = client.value().hashCode() * 0x9E37_79B9;
        return (mixed ^ mixed >>> 15) & table.length() - PLACES;
    }

    /**
     * A belief.
     *
     * @param client of whom
     * @param incarnation of the session; empty if there is none
     * @param node that owns it; empty if none does
     */
    record Names(ClientId client, String incarnation, String node) {
        /** Whether it is the belief that there is no session. */
        boolean isUnknown() {
            return incarnation.isEmpty();
        }
    }
}
