package io.mqttparty.internal.memory;

import io.mqttparty.model.ClientId;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.ClusterBus;
import io.mqttparty.spi.NodeId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The nodes that use the backend. A record is handed to its receiver during the call, without any lock. */
final class Members {
    private static final Logger LOG = System.getLogger(Members.class.getName());

    private final Map<NodeId, ClusterBus.Handler> handlers = new ConcurrentHashMap<>();

    /** Adds a node, unless it is here already. */
    boolean add(NodeId node, ClusterBus.Handler handler) {
        return handlers.putIfAbsent(node, handler) == null;
    }

    /** Removes a node, if it is here. */
    boolean remove(NodeId node) {
        return handlers.remove(node) != null;
    }

    boolean contains(NodeId node) {
        return handlers.containsKey(node);
    }

    Set<NodeId> all() {
        return Set.copyOf(handlers.keySet());
    }

    /** Tells one of them, if there is any, that a connection to a node that is gone is over. */
    void tellLost(NodeId node, ClientId client) {
        handlers.values().stream().findFirst().ifPresent(handler -> handler.onConnectionLost(node, client));
    }

    /** Hands a record over; {@code false} if the receiver is no member. */
    boolean send(NodeId from, NodeId to, BusRecord record) {
        ClusterBus.Handler handler = handlers.get(to);
        if (handler == null) {
            return false;
        }
        try {
            handler.onRecord(from, record);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, () -> "node " + to + " failed to take a record of the bus", e);
        }
        return true;
    }
}
