package io.mqttparty.redis.internal.cluster;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.ClusterBus;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.RouteChange;
import io.mqttparty.spi.RouteLog;
import io.mqttparty.spi.RoutePosition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A member that notes what it is told and mirrors the routes. */
class TestNode implements ClusterBus.Handler, RouteLog.RouteSink {
    private final NodeId id;
    private final TestProcess process;
    private final List<BusRecord> records = new ArrayList<>();
    private final Map<NodeId, Map<TopicFilter, QoS>> filters = new HashMap<>();
    private final Map<ClientId, RouteChange.SessionRoutes> sessions = new HashMap<>();
    private final List<Map.Entry<NodeId, ClientId>> lost = new ArrayList<>();
    private final List<NodeId> down = new ArrayList<>();
    private RoutePosition position = RoutePosition.START;
    private boolean inSnapshot;

    final AtomicInteger fenced = new AtomicInteger();
    final AtomicInteger gaps = new AtomicInteger();
    final AtomicInteger replaced = new AtomicInteger();
    final AtomicInteger snapshots = new AtomicInteger();
    private volatile ClusterBus.Lease lease = () -> false;
    private volatile boolean heldWhenFenced;
    private volatile long freshAsOf = Long.MIN_VALUE;

    TestNode(NodeId id, TestProcess process) {
        this.id = id;
        this.process = process;
    }

    NodeId id() {
        return id;
    }

    void lease(ClusterBus.Lease held) {
        lease = held;
    }

    ClusterBus.Lease lease() {
        return lease;
    }

    // ---- the bus ----

    @Override
    public void onRecord(NodeId from, BusRecord record) {
        synchronized (this) {
            records.add(record);
        }
    }

    synchronized List<BusRecord> records() {
        return List.copyOf(records);
    }

    @Override
    public void onFenced() {
        heldWhenFenced = lease.isHeld();
        fenced.incrementAndGet();
    }

    boolean heldWhenFenced() {
        return heldWhenFenced;
    }

    @Override
    public void onConnectionLost(NodeId node, ClientId client) {
        synchronized (this) {
            lost.add(Map.entry(node, client));
        }
    }

    /** The connections of dead nodes that it was told of. */
    synchronized List<Map.Entry<NodeId, ClientId>> lost() {
        return List.copyOf(lost);
    }

    @Override
    public void onGap() {
        gaps.incrementAndGet();
    }

    @Override
    public void onStoreReplaced() {
        replaced.incrementAndGet();
    }

    // ---- the routes ----

    @Override
    public synchronized void beginSnapshot() {
        inSnapshot = true;
        filters.clear();
        sessions.clear();
    }

    @Override
    public void endSnapshot(RoutePosition at) {
        synchronized (this) {
            inSnapshot = false;
        }
        snapshots.incrementAndGet();
        reached(at);
    }

    @Override
    public void apply(RouteChange change, RoutePosition at) {
        boolean tell;
        synchronized (this) {
            note(change);
            tell = !inSnapshot;
        }
        if (tell) {
            reached(at);
        }
    }

    private void note(RouteChange change) {
        if (change instanceof RouteChange.NodeFilter added) {
            filters.computeIfAbsent(added.node(), n -> new HashMap<>()).put(added.filter(), added.qos());
        } else if (change instanceof RouteChange.NodeFilterGone gone) {
            filters.getOrDefault(gone.node(), new HashMap<>()).remove(gone.filter());
        } else if (change instanceof RouteChange.NodeDown node) {
            filters.remove(node.node());
            down.add(node.node());
        } else if (change instanceof RouteChange.SessionRoutes routes) {
            sessions.put(routes.session().client(), routes);
        } else if (change instanceof RouteChange.SessionGone gone) {
            sessions.values().removeIf(routes -> routes.session().equals(gone.session()));
        }
    }

    private void reached(RoutePosition at) {
        synchronized (this) {
            position = at;
        }
        process.routes().applied(id, at);
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public void freshAsOf(long nanoTime) {
        freshAsOf = nanoTime;
    }

    long freshAsOf() {
        return freshAsOf;
    }

    synchronized RoutePosition position() {
        return position;
    }

    synchronized Map<TopicFilter, QoS> filters(NodeId of) {
        return Map.copyOf(filters.getOrDefault(of, Map.of()));
    }

    synchronized Map<ClientId, RouteChange.SessionRoutes> sessions() {
        return Map.copyOf(sessions);
    }

    synchronized List<NodeId> down() {
        return List.copyOf(down);
    }
}
