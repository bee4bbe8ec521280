package io.mqttparty.internal.broker;

import io.mqttparty.internal.routing.TopicTree;
import io.mqttparty.model.ClientId;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.spi.Leg;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.RouteChange;
import io.mqttparty.spi.RouteLog;
import io.mqttparty.spi.RoutePosition;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the route log says, kept in the tree: persistent sessions, and the transient ones of other nodes. Only the log changes it, also for what
 * this node has written itself. A node that joins again reads the log anew; what its reader before still says is ignored. It is changed with
 * its monitor held, which nobody else wants for long.
 */
final class RouteMirror {
    /** So many nodes that are gone are remembered, so that a late entry of theirs is ignored; ids are never used twice. */
    private static final int DEAD_NODES = 1_000;

    private final BrokerRuntime broker;
    private final TopicTree<Object, Route> tree;
    private final Map<ClientId, RouteChange.SessionRoutes> sessions = new HashMap<>();
    private final Map<NodeId, Set<TopicFilter>> remoteFilters = new HashMap<>();
    private final Set<NodeId> dead = new HashSet<>();
    private final ArrayDeque<NodeId> deadInOrder = new ArrayDeque<>();
    /** What the mirror has and the snapshot that is being delivered has not mentioned yet. */
    private final Set<ClientId> staleSessions = new HashSet<>();

    private final Map<NodeId, Set<TopicFilter>> staleFilters = new HashMap<>();
    private boolean inSnapshot;
    private @Nullable Reader reader;
    private volatile RoutePosition applied = RoutePosition.START;

    RouteMirror(BrokerRuntime broker, TopicTree<Object, Route> tree) {
        this.broker = broker;
        this.tree = tree;
    }

    /** How far the log has been applied. */
    RoutePosition applied() {
        return applied;
    }

    /** Takes the log as the member of this id; the reader before takes no part any more, and its id is dead. */
    synchronized RouteLog.RouteSink read(NodeId self) {
        if (reader != null) {
            bury(reader.self);
        }
        inSnapshot = false;
        applied = RoutePosition.START;
        broker.freshness().reset();
        Reader now = new Reader(self);
        reader = now;
        return now;
    }

    /** The log as one member reads it. */
    private final class Reader implements RouteLog.RouteSink {
        private final NodeId self;

        Reader(NodeId self) {
            this.self = self;
        }

        @Override
        public void beginSnapshot() {
            synchronized (RouteMirror.this) {
                if (reader == this) {
                    beginSweep();
                }
            }
        }

        @Override
        public void endSnapshot(RoutePosition position) {
            synchronized (RouteMirror.this) {
                if (reader == this) {
                    endSweep();
                    applied(self, position);
                }
            }
        }

        @Override
        public void apply(RouteChange change, RoutePosition position) {
            synchronized (RouteMirror.this) {
                if (reader == this) {
                    change(self, change);
                    if (!inSnapshot) {
                        applied(self, position);
                    }
                }
            }
        }

        @Override
        public long nanoTime() {
            return broker.homeLoop().eventLoop().nanoTime();
        }

        @Override
        public void freshAsOf(long nanoTime) {
            synchronized (RouteMirror.this) {
                if (reader == this && !inSnapshot) {
                    broker.freshness().freshAsOf(nanoTime);
                }
            }
        }
    }

    private void applied(NodeId self, RoutePosition position) {
        applied = position;
        broker.cluster().routes().applied(self, position);
        broker.freshness().onApplied(position);
    }

    // ---- snapshots ----

    private void beginSweep() {
        inSnapshot = true;
        applied = RoutePosition.START;
        broker.freshness().reset();
        staleSessions.clear();
        staleSessions.addAll(sessions.keySet());
        staleFilters.clear();
        remoteFilters.forEach((node, filters) -> staleFilters.put(node, new HashSet<>(filters)));
    }

    private void endSweep() {
        inSnapshot = false;
        for (ClientId client : staleSessions) {
            replace(sessions.remove(client), null);
        }
        staleFilters.forEach((node, filters) -> filters.forEach(filter -> removeRemote(node, filter)));
        staleSessions.clear();
        staleFilters.clear();
    }

    // ---- changes ----

    private void change(NodeId self, RouteChange change) {
        if (change instanceof RouteChange.SessionRoutes routes) {
            staleSessions.remove(routes.session().client());
            replace(sessions.put(routes.session().client(), routes), routes);
        } else if (change instanceof RouteChange.SessionGone gone) {
            RouteChange.SessionRoutes known = sessions.get(gone.session().client());
            if (known != null && known.session().equals(gone.session())) {
                sessions.remove(gone.session().client());
                replace(known, null);
            }
        } else if (change instanceof RouteChange.NodeFilter added) {
            if (!added.node().equals(self) && !dead.contains(added.node())) {
                addRemote(added);
            }
        } else if (change instanceof RouteChange.NodeFilterGone removed) {
            removeRemote(removed.node(), removed.filter());
        } else if (change instanceof RouteChange.NodeDown down) {
            bury(down.node());
            broker.membership().onNodeDown(down.node());
        }
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

    private void addRemote(RouteChange.NodeFilter added) {
        Set<TopicFilter> stale = staleFilters.get(added.node());
        if (stale != null) {
            stale.remove(added.filter());
        }
        tree.put(added.filter(), added.node(), new Route.Remote(added.node(), added.filter(), added.qos()));
        remoteFilters.computeIfAbsent(added.node(), n -> new HashSet<>()).add(added.filter());
    }

    private void removeRemote(NodeId node, TopicFilter filter) {
        Set<TopicFilter> filters = remoteFilters.get(node);
        if (filters != null && filters.remove(filter)) {
            tree.remove(filter, node);
            if (filters.isEmpty()) {
                remoteFilters.remove(node);
            }
        }
    }

    /** The node is gone for ever, with all its filters. */
    private void bury(NodeId node) {
        if (dead.add(node)) {
            deadInOrder.add(node);
            if (deadInOrder.size() > DEAD_NODES) {
                dead.remove(deadInOrder.remove());
            }
        }
        staleFilters.remove(node);
        Set<TopicFilter> filters = remoteFilters.remove(node);
        if (filters != null) {
            filters.forEach(filter -> tree.remove(filter, node));
        }
    }
}
