package io.mqttparty.internal.broker;

import io.mqttparty.model.ClientId;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.Owner;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which other node a client is connected to, as heard within the last two seconds: from answers of the session store and from look-ups. It may
 * be wrong, and is only used where that costs no more than a message at QoS 0. Direct-mapped, so its size is its bound. Any thread may call it.
 */
final class OwnerCache {
    static final long LIFE_NANOS = 2_000_000_000L;
    static final int SLOTS = 8192;

    /** What was heard a moment ago is not replaced by the same, so that a stream of answers allocates nothing. */
    private static final long RENEW_NANOS = LIFE_NANOS / 4;

    private final Supplier<NodeId> self;
    private final LongSupplier nanoTime;
    private final AtomicReferenceArray<@Nullable Known> slots = new AtomicReferenceArray<>(SLOTS);

    private record Known(ClientId client, NodeId node, long sinceNanos) {}

    /**
     * Knows nothing yet.
     *
     * @param self this node, which is never an answer
     * @param nanoTime one clock for all threads
     */
    OwnerCache(Supplier<NodeId> self, LongSupplier nanoTime) {
        this.self = self;
        this.nanoTime = nanoTime;
    }

    /** The node, if it is another one and was heard of lately. */
    @Nullable
    NodeId nodeOf(ClientId client) {
        Known known = slots.get(slot(client));
        return known != null && known.client().equals(client) && age(known) < LIFE_NANOS ? known.node() : null;
    }

    /** The store said where the client is. */
    void heard(ClientId client, Owner owner) {
        int slot = slot(client);
        Known known = slots.get(slot);
        boolean same = known != null && known.client().equals(client);
        NodeId node = owner.node().orElse(null);
        if (node == null || node.equals(self.get())) {
            if (same) {
                slots.compareAndSet(slot, known, null);
            }
        } else if (!same || known == null || !known.node().equals(node) || age(known) > RENEW_NANOS) {
            slots.set(slot, new Known(client, node, nanoTime.getAsLong()));
        }
    }

    /** This node has no connection of the client any more, or never had. */
    void forget(ClientId client, NodeId node) {
        int slot = slot(client);
        Known known = slots.get(slot);
        if (known != null && known.client().equals(client) && known.node().equals(node)) {
            slots.compareAndSet(slot, known, null);
        }
    }

    private long age(Known known) {
        return nanoTime.getAsLong() - known.sinceNanos();
    }

    private static int slot(ClientId client) {
        int hash = client.hashCode() * 0x9E3779B9;
        return hash >>> 19; // 13 bits
    }
}
