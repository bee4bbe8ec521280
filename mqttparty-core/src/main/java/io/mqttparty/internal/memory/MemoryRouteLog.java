package io.mqttparty.internal.memory;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.MqttPartyException;
import io.mqttparty.model.QoS;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.RouteChange;
import io.mqttparty.spi.RouteChange.NodeDown;
import io.mqttparty.spi.RouteChange.NodeFilter;
import io.mqttparty.spi.RouteChange.NodeFilterGone;
import io.mqttparty.spi.RouteChange.SessionGone;
import io.mqttparty.spi.RouteChange.SessionRoutes;
import io.mqttparty.spi.RouteLog;
import io.mqttparty.spi.RoutePosition;
import io.mqttparty.spi.SessionRef;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The routes as they are, and whoever mirrors them. There is no history: a change goes to those who follow, and the snapshot of a later
 * follower contains it. Appending methods may be called with a record's monitor held and call nobody; {@link #deliver} calls the sinks.
 */
final class MemoryRouteLog implements RouteLog {
    private final Members members;
    private final Object lock = new Object();
    private final Map<ClientId, SessionRoutes> sessions = new HashMap<>();
    private final Map<NodeId, Map<TopicFilter, NodeFilter>> nodes = new HashMap<>();
    private final Map<NodeId, RouteFollower> followers = new ConcurrentHashMap<>();
    private volatile RoutePosition tail = RoutePosition.START;

    MemoryRouteLog(Members members) {
        this.members = members;
    }

    // ---- appending ----

    RoutePosition sessionRoutes(SessionRef session, List<Subscription> subscriptions) {
        SessionRoutes change = new SessionRoutes(session, subscriptions);
        synchronized (lock) {
            return change.equals(sessions.put(session.client(), change)) ? tail : append(change);
        }
    }

    void sessionGone(SessionRef session) {
        synchronized (lock) {
            SessionRoutes known = sessions.get(session.client());
            if (known != null && known.session().equals(session)) {
                sessions.remove(session.client());
                append(new SessionGone(session));
            }
        }
    }

    /** The node is no member any more: it follows no longer, and its filters are gone. */
    void nodeDown(NodeId node) {
        synchronized (lock) {
            RouteFollower follower = followers.remove(node);
            if (follower != null) {
                follower.end();
            }
            nodes.remove(node);
            append(new NodeDown(node));
        }
    }

    private RoutePosition append(RouteChange change) {
        RoutePosition position = new RoutePosition(tail.high() + 1, 0);
        tail = position;
        followers.values().forEach(follower -> follower.offer(change, position));
        return position;
    }

    /** Delivers what has been appended. Called without any lock. */
    void deliver() {
        followers.values().forEach(RouteFollower::deliver);
    }

    // ---- the SPI ----

    @Override
    public CompletionStage<Void> follow(NodeId node, RouteSink sink) {
        RouteFollower follower = new RouteFollower(sink);
        synchronized (lock) {
            if (!members.contains(node)) {
                return failedFuture(noMember(node));
            }
            offerSnapshot(follower);
            RouteFollower before = followers.put(node, follower);
            if (before != null) {
                before.end();
            }
        }
        follower.deliver();
        return follower.caughtUp();
    }

    private void offerSnapshot(RouteFollower follower) {
        follower.offerBeginOfSnapshot();
        sessions.values().forEach(change -> follower.offer(change, tail));
        nodes.values().forEach(filters -> filters.values().forEach(change -> follower.offer(change, tail)));
        follower.offerEndOfSnapshot(tail);
    }

    @Override
    public CompletionStage<RoutePosition> tail() {
        return completedFuture(tail);
    }

    @Override
    public CompletionStage<RoutePosition> addTransient(NodeId node, TopicFilter filter, QoS max) {
        NodeFilter change = new NodeFilter(node, filter, max);
        RoutePosition position = addTransient(change);
        if (position == null) {
            return failedFuture(noMember(node));
        }
        deliver();
        return completedFuture(position);
    }

    private @Nullable RoutePosition addTransient(NodeFilter change) {
        synchronized (lock) {
            if (!members.contains(change.node())) {
                return null;
            }
            Map<TopicFilter, NodeFilter> filters = nodes.computeIfAbsent(change.node(), n -> new HashMap<>());
            return change.equals(filters.put(change.filter(), change)) ? tail : append(change);
        }
    }

    @Override
    public CompletionStage<RoutePosition> removeTransient(NodeId node, TopicFilter filter) {
        RoutePosition position = remove(node, filter);
        deliver();
        return completedFuture(position);
    }

    private RoutePosition remove(NodeId node, TopicFilter filter) {
        synchronized (lock) {
            Map<TopicFilter, NodeFilter> filters = nodes.get(node);
            if (filters == null || filters.remove(filter) == null) {
                return tail;
            }
            if (filters.isEmpty()) {
                nodes.remove(node);
            }
            return append(new NodeFilterGone(node, filter));
        }
    }

    @Override
    public void applied(NodeId node, RoutePosition position) {
        RouteFollower follower = followers.get(node);
        if (follower != null) {
            follower.applied(position);
        }
    }

    @Override
    public CompletionStage<RoutePosition> appliedByAll() {
        RoutePosition least = tail;
        for (RouteFollower follower : followers.values()) {
            RoutePosition applied = follower.applied();
            least = applied.compareTo(least) < 0 ? applied : least;
        }
        return completedFuture(least);
    }

    @Override
    public boolean isAlwaysFresh() {
        return true;
    }

    private static MqttPartyException noMember(NodeId node) {
        return new MqttPartyException("node: " + node + " (expected: a member of the cluster)");
    }
}
