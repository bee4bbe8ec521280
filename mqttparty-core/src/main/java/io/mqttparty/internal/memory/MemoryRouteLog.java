package io.mqttparty.internal.memory;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.MqttPartyException;
import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.RouteChange;
import io.mqttparty.spi.RouteLog;
import io.mqttparty.spi.RoutePosition;
import io.mqttparty.spi.SessionRef;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The route log: the state that all changes led to, and those who follow it. A change is in everybody's mirror when the call that made it
 * returns, so there is nothing to wait for.
 *
 * <p>Sinks are called under the log's own lock, which keeps the order; a sink only applies the change to its mirror and calls nothing.
 */
final class MemoryRouteLog implements RouteLog {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<ClientId, RouteChange.SessionRoutes> sessions = new LinkedHashMap<>();
    private final Map<NodeId, Map<TopicFilter, QoS>> filters = new HashMap<>();
    private final Map<NodeId, RouteSink> sinks = new LinkedHashMap<>();
    private final Set<NodeId> members = new HashSet<>();
    private volatile RoutePosition tail = RoutePosition.START;

    @Override
    public CompletionStage<Void> follow(NodeId node, RouteSink sink) {
        lock.lock();
        try {
            sessions.values().forEach(routes -> sink.apply(routes, tail));
            filters.forEach((other, ofNode) ->
                    ofNode.forEach((filter, qos) -> sink.apply(new RouteChange.NodeFilter(other, filter, qos), tail)));
            sink.freshAsOf(System.nanoTime());
            sinks.put(node, sink);
        } finally {
            lock.unlock();
        }
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<RoutePosition> tail() {
        return CompletableFuture.completedFuture(tail);
    }

    @Override
    public CompletionStage<RoutePosition> addTransient(NodeId node, TopicFilter filter, QoS max) {
        lock.lock();
        try {
            if (!members.contains(node)) {
                return CompletableFuture.failedFuture(new MqttPartyException("node " + node + " is no member"));
            }
            filters.computeIfAbsent(node, n -> new HashMap<>()).put(filter, max);
            return CompletableFuture.completedFuture(append(new RouteChange.NodeFilter(node, filter, max)));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public CompletionStage<RoutePosition> removeTransient(NodeId node, TopicFilter filter) {
        lock.lock();
        try {
            Map<TopicFilter, QoS> ofNode = filters.get(node);
            if (ofNode == null || ofNode.remove(filter) == null) {
                return CompletableFuture.completedFuture(tail);
            }
            return CompletableFuture.completedFuture(append(new RouteChange.NodeFilterGone(node, filter)));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void applied(NodeId node, RoutePosition position) {
        // Sinks have applied a change when append returns: there is nothing that anybody could wait for.
    }

    @Override
    public CompletionStage<RoutePosition> appliedByAll() {
        return CompletableFuture.completedFuture(tail);
    }

    RoutePosition put(RouteChange.SessionRoutes routes) {
        lock.lock();
        try {
            if (routes.subscriptions().isEmpty()
                    && !sessions.containsKey(routes.session().client())) {
                return tail;
            }
            sessions.put(routes.session().client(), routes);
            return append(routes);
        } finally {
            lock.unlock();
        }
    }

    void remove(SessionRef session) {
        lock.lock();
        try {
            RouteChange.SessionRoutes known = sessions.get(session.client());
            if (known != null && known.session().equals(session)) {
                sessions.remove(session.client());
                append(new RouteChange.SessionGone(session));
            }
        } finally {
            lock.unlock();
        }
    }

    void join(NodeId node) {
        lock.lock();
        try {
            members.add(node);
        } finally {
            lock.unlock();
        }
    }

    void leave(NodeId node) {
        lock.lock();
        try {
            if (members.remove(node)) {
                filters.remove(node);
                sinks.remove(node);
                append(new RouteChange.NodeDown(node));
            }
        } finally {
            lock.unlock();
        }
    }

    private RoutePosition append(RouteChange change) {
        RoutePosition position = new RoutePosition(0, tail.low() + 1);
        sinks.values().forEach(sink -> sink.apply(change, position));
        tail = position;
        return position;
    }
}
