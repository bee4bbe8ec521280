package io.mqttparty.testkit.contract;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.QoS;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.RouteChange;
import io.mqttparty.spi.RouteLog;
import io.mqttparty.spi.RoutePosition;
import io.mqttparty.spi.SessionRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** What the route log says, and whether it keeps its promises: order, and one call at a time. */
final class RouteMirror implements RouteLog.RouteSink {
    private final RouteLog log;
    private final NodeId node;
    private final AtomicBoolean busy = new AtomicBoolean();
    private final Map<ClientId, RouteChange.SessionRoutes> sessions = new HashMap<>();
    private final Map<NodeId, Map<TopicFilter, QoS>> nodes = new HashMap<>();
    private final List<RouteChange> changes = new ArrayList<>();
    private final List<String> breaches = new ArrayList<>();
    private RoutePosition position = RoutePosition.START;
    private boolean inSnapshot;
    private volatile boolean telling = true;

    RouteMirror(RouteLog log, NodeId node) {
        this.log = log;
        this.node = node;
    }

    /** From now on the log is not told what has been applied. */
    void stopTelling() {
        telling = false;
    }

    @Override
    public void beginSnapshot() {
        enter();
        synchronized (this) {
            sessions.clear();
            nodes.clear();
            inSnapshot = true;
        }
        busy.set(false);
    }

    @Override
    public void endSnapshot(RoutePosition at) {
        enter();
        synchronized (this) {
            if (!inSnapshot || at.compareTo(position) < 0) {
                breach("end of a snapshot at " + at);
            }
            inSnapshot = false;
            position = at;
        }
        busy.set(false);
        if (telling) {
            log.applied(node, at);
        }
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    private void enter() {
        if (!busy.compareAndSet(false, true)) {
            breach("calls overlap");
        }
    }

    @Override
    public void apply(RouteChange change, RoutePosition at) {
        enter();
        record(change, at);
        busy.set(false);
        if (telling && !isInSnapshot()) {
            log.applied(node, at);
        }
    }

    private synchronized boolean isInSnapshot() {
        return inSnapshot;
    }

    private synchronized void record(RouteChange change, RoutePosition at) {
        if (at.compareTo(position) < 0) {
            breach("position " + at + " after " + position);
        }
        position = at;
        changes.add(change);
        if (change instanceof RouteChange.SessionRoutes routes) {
            sessions.put(routes.session().client(), routes);
        } else if (change instanceof RouteChange.SessionGone gone) {
            routesOf(gone.session())
                    .ifPresent(routes -> sessions.remove(gone.session().client()));
        } else if (change instanceof RouteChange.NodeFilter added) {
            nodes.computeIfAbsent(added.node(), n -> new HashMap<>()).put(added.filter(), added.qos());
        } else if (change instanceof RouteChange.NodeFilterGone removed) {
            nodes.getOrDefault(removed.node(), new HashMap<>()).remove(removed.filter());
        } else if (change instanceof RouteChange.NodeDown down) {
            nodes.remove(down.node());
        }
    }

    @Override
    public void freshAsOf(long nanoTime) {
        if (nanoTime - nanoTime() > 0) {
            breach("fresh as of a time to come");
        }
    }

    private synchronized void breach(String what) {
        breaches.add(what);
    }

    private Optional<RouteChange.SessionRoutes> routesOf(SessionRef session) {
        return Optional.ofNullable(sessions.get(session.client()))
                .filter(routes -> routes.session().equals(session));
    }

    /** What a session is subscribed to; empty if it has no route. */
    synchronized Optional<List<Subscription>> subscriptions(SessionRef session) {
        return routesOf(session).map(RouteChange.SessionRoutes::subscriptions);
    }

    /** The filters of a node's transient sessions. */
    synchronized Map<TopicFilter, QoS> filters(NodeId of) {
        return Map.copyOf(nodes.getOrDefault(of, Map.of()));
    }

    synchronized List<RouteChange> changes() {
        return List.copyOf(changes);
    }

    synchronized List<String> breaches() {
        return List.copyOf(breaches);
    }

    synchronized RoutePosition position() {
        return position;
    }
}
