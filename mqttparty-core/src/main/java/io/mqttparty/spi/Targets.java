package io.mqttparty.spi;

import java.util.List;
import java.util.Set;

/**
 * Everywhere that a message goes, for changes that reach all targets or none.
 *
 * @param legs the queues of persistent sessions
 * @param nodes the nodes with transient sessions that match; each gets a {@link BusRecord.Transmit} and matches it itself
 * @param shared the nodes that were picked for shared subscriptions; each gets a {@link BusRecord.TransmitShared}
 */
public record Targets(List<Leg> legs, Set<NodeId> nodes, List<SharedTarget> shared) {
    /** Nowhere. */
    public static final Targets NONE = new Targets(List.of(), Set.of(), List.of());

    /** Copies the collections. */
    public Targets {
        legs = List.copyOf(legs);
        nodes = Set.copyOf(nodes);
        shared = List.copyOf(shared);
    }
}
