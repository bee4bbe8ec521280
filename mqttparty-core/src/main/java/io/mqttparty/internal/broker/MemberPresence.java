package io.mqttparty.internal.broker;

import io.mqttparty.model.ClientId;
import io.mqttparty.spi.Presence;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which members of shared subscriptions are connected to other nodes, as far as the publishers of one loop have heard. What was heard is used
 * however old it is; when it is older than two seconds it is asked for again meanwhile. Direct-mapped, so its size is its bound. Confined to
 * its loop.
 */
final class MemberPresence {
    private static final int SLOTS = 4096;
    private static final long FRESH_NANOS = 2_000_000_000L;
    private static final int MAX_ASKED = 1_000;

    /** What is known of a client. */
    enum State {
        ONLINE,
        UNKNOWN,
        OFFLINE
    }

    private final BrokerRuntime broker;
    private final LoopContext loop;
    private final @Nullable Known[] slots = new Known[SLOTS];
    private final Set<ClientId> asked = new HashSet<>();
    private List<ClientId> unasked = new ArrayList<>();

    private record Known(ClientId client, State state, long sinceNanos) {}

    MemberPresence(BrokerRuntime broker, LoopContext loop) {
        this.broker = broker;
        this.loop = loop;
    }

    /** Whether the client is connected, here or elsewhere. */
    State of(ClientId client) {
        if (broker.local().newest(client) != null) {
            return State.ONLINE;
        }
        Known known = slots[slot(client)];
        boolean isKnown = known != null && known.client().equals(client);
        if (known == null || !isKnown || loop.eventLoop().nanoTime() - known.sinceNanos() > FRESH_NANOS) {
            ask(client);
        }
        return known != null && isKnown ? known.state() : State.UNKNOWN;
    }

    /** The store said whether the client is connected. */
    void heard(ClientId client, boolean online) {
        State state = online ? State.ONLINE : State.OFFLINE;
        slots[slot(client)] = new Known(client, state, loop.eventLoop().nanoTime());
    }

    private void ask(ClientId client) {
        if (asked.size() < MAX_ASKED && asked.add(client)) {
            if (unasked.isEmpty()) {
                loop.execute(this::askAll); // after the input of this turn: one call for all that it brings
            }
            unasked.add(client);
        }
    }

    private void askAll() {
        List<ClientId> these = unasked;
        unasked = new ArrayList<>();
        SpiCalls.call(
                loop,
                broker.timeouts().storeNanos(),
                "presence",
                () -> broker.cluster().presence().locate(these),
                found -> {
                    these.forEach(asked::remove);
                    these.forEach(client -> heard(client, isOnline(client, found)));
                },
                failure -> {
                    these.forEach(asked::remove);
                    broker.log().backendFailed("presence", failure);
                });
    }

    private static boolean isOnline(ClientId client, Map<ClientId, Presence.Entry> found) {
        Presence.Entry entry = found.get(client);
        return entry != null && entry.owner().isOnline();
    }

    private static int slot(ClientId client) {
        int hash = client.hashCode() * 0x9E3779B9;
        return hash >>> 20; // 12 bits
    }
}
