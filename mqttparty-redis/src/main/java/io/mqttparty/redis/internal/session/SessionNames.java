package io.mqttparty.redis.internal.session;

import io.mqttparty.model.ClientId;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * What this node believes to be the incarnation of a client's session and the node that owns it: names of keys that a script needs before it can
 * look. A wrong belief costs a round trip, never more, so this is a small table in which a newer belief replaces an older one. Any thread may use it.
 */
final class SessionNames {
    private static final int SLOTS = 1 << 16;

    private final AtomicReferenceArray<Names> slots = new AtomicReferenceArray<>(SLOTS);

    /** What is believed of a client; {@link Names#isUnknown} if nothing is. */
    Names of(ClientId client) {
        Names names = slots.get(slot(client));
        return names != null && names.client.equals(client) ? names : new Names(client, "", "");
    }

    /** Believes this from now on. An empty text means none. */
    void learn(ClientId client, String incarnation, String node) {
        slots.lazySet(slot(client), new Names(client, incarnation, node));
    }

    private static int slot(ClientId client) {
        int hash = client.value().hashCode();
        return (hash ^ hash >>> 16) & SLOTS - 1;
    }

    /**
     * A belief.
     *
     * @param client of whom
     * @param incarnation of the session; empty if there is none
     * @param node that owns it; empty if none does
     */
    record Names(ClientId client, String incarnation, String node) {
        /** Whether it is the belief that there is nothing. */
        boolean isUnknown() {
            return incarnation.isEmpty() && node.isEmpty();
        }
    }
}
