package io.mqttparty.redis.internal.cluster;

import io.mqttparty.spi.NodeId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Who is a member, as far as is known: what the last look at Redis said, and what has been learnt since. A node that is gone never comes back,
 * since ids are not used twice. Any thread may use it.
 */
final class Members {
    /** How long an id is remembered as gone: far longer than anything of it can still be under way. */
    private static final long REMEMBERED_NANOS = 3_600_000_000_000L;

    private final Map<NodeId, Long> gone = new HashMap<>();
    private final Set<NodeId> ours = new HashSet<>();
    private volatile Set<NodeId> live = Set.of();

    /** The members. */
    Set<NodeId> live() {
        return live;
    }

    /** A node of this process has joined. */
    synchronized void joined(NodeId node) {
        ours.add(node);
        Set<NodeId> now = new HashSet<>(live);
        now.add(node);
        live = Set.copyOf(now);
    }

    /** A node has sent something: it is a member, even if it joined after the last look. */
    void heard(NodeId node) {
        if (!live.contains(node)) {
            add(node);
        }
    }

    private synchronized void add(NodeId node) {
        if (!gone.containsKey(node)) {
            Set<NodeId> now = new HashSet<>(live);
            now.add(node);
            live = Set.copyOf(now);
        }
    }

    /** This node is no member any more, and never again. */
    synchronized void gone(NodeId node) {
        long now = System.nanoTime();
        gone.values().removeIf(since -> now - since > REMEMBERED_NANOS);
        gone.putIfAbsent(node, now);
        ours.remove(node);
        Set<NodeId> rest = new HashSet<>(live);
        rest.remove(node);
        live = Set.copyOf(rest);
    }

    /** The store was replaced: who is gone is seen anew. */
    synchronized void forgetGone() {
        gone.clear();
    }

    /** Whether this node was a member once and is none any more, or was found dead. */
    synchronized boolean isGone(NodeId node) {
        return gone.containsKey(node);
    }

    /** All that Redis listed with a lease; nodes of this process may have joined since. */
    synchronized void replace(Set<NodeId> seen) {
        Set<NodeId> now = new HashSet<>(seen);
        now.addAll(ours);
        now.removeAll(gone.keySet());
        live = Set.copyOf(now);
    }
}
