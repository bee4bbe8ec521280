package io.mqttparty.internal.broker;

import io.mqttparty.internal.routing.SharedGroup;
import io.mqttparty.internal.routing.TopicTree;
import io.mqttparty.model.ClientId;
import io.mqttparty.model.QoS;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.TopicName;
import io.mqttparty.spi.Leg;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.RouteChange;
import io.mqttparty.spi.RouteLog;
import io.mqttparty.spi.RoutePosition;
import io.mqttparty.spi.transport.EventLoop;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Who gets what: a mirror of the route log for persistent sessions and for the transient ones of other nodes, and the local subscribers. Shared
 * by all loops: matching takes no lock; the route log's calls do not overlap.
 */
final class RouteTable implements RouteLog.RouteSink {
    /** What {@link #localFilters} holds: twice the number of local subscriptions, plus one while the log has the filter. */
    private static final int ONE = 2;

    private static final int ANNOUNCED = 1;
    private static final Integer ANNOUNCED_ONLY = 1;

    private final NodeId self;
    private final EventLoop home;
    private final RouteLog log;
    private final List<UpstreamRoute> upstreams;
    private final TopicTree<Object, Route> tree;
    private final Map<ClientId, RouteChange.SessionRoutes> sessions = new HashMap<>();
    private final Map<NodeId, Set<TopicFilter>> remoteFilters = new HashMap<>();
    private final ConcurrentHashMap<TopicFilter, Integer> localFilters = new ConcurrentHashMap<>();
    /** What the mirror has and the snapshot that is being delivered has not mentioned yet. */
    private Set<ClientId> staleSessions = new HashSet<>();

    private Map<NodeId, Set<TopicFilter>> staleFilters = new HashMap<>();
    private boolean inSnapshot;
    private volatile RoutePosition applied = RoutePosition.START;

    RouteTable(NodeId self, EventLoop home, RouteLog log, List<UpstreamRoute> upstreams, long hashSeed) {
        this.tree = new TopicTree<>(hashSeed);
        this.self = self;
        this.home = home;
        this.log = log;
        this.upstreams = List.copyOf(upstreams);
    }

    long version() {
        return tree.version();
    }

    Routes match(TopicName topic) {
        return Routes.of(tree, topic, upstreams);
    }

    /** Those who share this filter, if anybody does. */
    @Nullable
    SharedGroup<Object, Route> group(TopicFilter filter) {
        return tree.group(filter);
    }

    /** How far the log has been applied. */
    RoutePosition applied() {
        return applied;
    }

    // ---- local subscribers ----

    /** Adds or changes a local subscription. The stage completes when the route log has it, which the first one of a filter needs. */
    CompletionStage<RoutePosition> subscribe(LocalSubscriber subscriber, Subscription subscription) {
        TopicFilter filter = subscription.filter();
        Route previous = tree.put(filter, subscriber, new Route.Local(subscriber, subscription.qos()));
        if (previous != null || (localFilters.merge(filter, ONE, Integer::sum) & ANNOUNCED) != 0) {
            return CompletableFuture.completedFuture(applied);
        }
        return announce(filter);
    }

    /** Removes a local subscription, if there is one. */
    CompletionStage<RoutePosition> unsubscribe(LocalSubscriber subscriber, TopicFilter filter) {
        if (tree.remove(filter, subscriber) == null) {
            return CompletableFuture.completedFuture(applied);
        }
        Integer state = localFilters.computeIfPresent(filter, (f, n) -> n == ONE ? null : n - ONE);
        boolean last = ANNOUNCED_ONLY.equals(state);
        return last ? announce(filter) : CompletableFuture.completedFuture(applied);
    }

    /** Brings the log up to what is so now. On one thread only, so that the log never ends with an older truth. */
    private CompletionStage<RoutePosition> announce(TopicFilter filter) {
        CompletableFuture<RoutePosition> done = new CompletableFuture<>();
        home.execute(() -> {
            Integer state = localFilters.get(filter);
            CompletionStage<RoutePosition> written = CompletableFuture.completedFuture(applied);
            if (ANNOUNCED_ONLY.equals(state)) {
                if (localFilters.remove(filter, ANNOUNCED_ONLY)) {
                    written = log.removeTransient(self, filter);
                }
            } else if (state != null && (state & ANNOUNCED) == 0) {
                localFilters.computeIfPresent(filter, (f, n) -> n | ANNOUNCED);
                written = log.addTransient(self, filter, QoS.EXACTLY_ONCE);
            }
            var unused = written.whenComplete((position, failure) -> {
                if (failure != null) {
                    done.completeExceptionally(failure);
                } else {
                    done.complete(position);
                }
            });
        });
        return done;
    }

    // ---- the route log ----

    @Override
    public void beginSnapshot() {
        staleSessions = new HashSet<>(sessions.keySet());
        staleFilters = new HashMap<>();
        remoteFilters.forEach((node, filters) -> staleFilters.put(node, new HashSet<>(filters)));
        inSnapshot = true;
    }

    @Override
    public void endSnapshot(RoutePosition position) {
        inSnapshot = false;
        for (ClientId client : staleSessions) {
            replace(sessions.remove(client), null);
        }
        staleFilters.forEach((node, filters) -> filters.forEach(filter -> removeRemote(node, filter)));
        staleSessions = new HashSet<>();
        staleFilters = new HashMap<>();
        applied(position);
    }

    private void applied(RoutePosition position) {
        applied = position;
        log.applied(self, position);
    }

    @Override
    public void apply(RouteChange change, RoutePosition position) {
        change(change);
        if (!inSnapshot) {
            applied(position);
        }
    }

    private void change(RouteChange change) {
        if (change instanceof RouteChange.SessionRoutes routes) {
            staleSessions.remove(routes.session().client());
            replace(sessions.put(routes.session().client(), routes), routes);
        } else if (change instanceof RouteChange.SessionGone gone) {
            RouteChange.SessionRoutes known = sessions.get(gone.session().client());
            if (known != null && known.session().equals(gone.session())) {
                sessions.remove(gone.session().client());
                replace(known, null);
            }
        } else if (change instanceof RouteChange.NodeFilter added
                && !added.node().equals(self)) {
            staleFilters.getOrDefault(added.node(), new HashSet<>()).remove(added.filter());
            tree.put(added.filter(), added.node(), new Route.Remote(added.node(), added.qos()));
            remoteFilters.computeIfAbsent(added.node(), n -> new HashSet<>()).add(added.filter());
        } else if (change instanceof RouteChange.NodeFilterGone removed
                && !removed.node().equals(self)) {
            removeRemote(removed.node(), removed.filter());
        } else if (change instanceof RouteChange.NodeDown down) {
            Set<TopicFilter> filters = remoteFilters.remove(down.node());
            if (filters != null) {
                filters.forEach(filter -> tree.remove(filter, down.node()));
            }
        }
    }

    private void removeRemote(NodeId node, TopicFilter filter) {
        tree.remove(filter, node);
        Set<TopicFilter> filters = remoteFilters.get(node);
        if (filters != null && filters.remove(filter) && filters.isEmpty()) {
            remoteFilters.remove(node);
        }
    }

    @Override
    public long nanoTime() {
        return home.nanoTime();
    }

    @Override
    public void freshAsOf(long nanoTime) {
        // The position alone decides: the gate of SUBACK asks the log what all members have applied.
    }

    /** Changes the tree from what a session had to what it has, and only where that differs. */
    private void replace(RouteChange.@Nullable SessionRoutes before, RouteChange.@Nullable SessionRoutes after) {
        Map<TopicFilter, Leg> old = legs(before);
        Map<TopicFilter, Leg> now = legs(after);
        now.forEach((filter, leg) -> {
            if (!leg.equals(old.get(filter))) {
                tree.put(filter, leg.session().client(), new Route.Session(leg));
            }
        });
        old.forEach((filter, leg) -> {
            if (!now.containsKey(filter)) {
                tree.remove(filter, leg.session().client());
            }
        });
    }

    private static Map<TopicFilter, Leg> legs(RouteChange.@Nullable SessionRoutes routes) {
        Map<TopicFilter, Leg> legs = new HashMap<>();
        if (routes != null) {
            routes.subscriptions().forEach(s -> legs.put(s.filter(), new Leg(routes.session(), s.qos())));
        }
        return legs;
    }
}
