package io.mqttparty.spi;

import java.util.List;
import java.util.Set;

/**
 * Everywhere that a message goes, for changes that reach all targets or none.
 *
 * @param legs the queues of persistent sessions
 * @param nodes the nodes with transient sessions that match; each gets the message once and matches it itself
 */
public record Targets(List<Leg> legs, Set<NodeId> nodes) {
    /** Nowhere. */
    public static final Targets NONE = new Targets(List.of(), Set.of());

    /** Copies the collections. */
    public Targets {
        legs = List.copyOf(legs);
        nodes = Set.copyOf(nodes);
    }
}
