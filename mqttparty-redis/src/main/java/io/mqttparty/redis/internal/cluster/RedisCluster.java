package io.mqttparty.redis.internal.cluster;

import io.mqttparty.redis.internal.lane.RedisContext;
import io.mqttparty.spi.ClusterBus;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.RouteLog;

/** Routes and members in Redis. */
public final class RedisCluster {
    private final RedisBus bus;
    private final RedisRouteLog routes;
    private final Members members = new Members();
    private final BusCounters counters = new BusCounters();

    /**
     * Over these connections.
     *
     * @param clients detaches what a dead node left
     */
    public RedisCluster(RedisContext context, ClusterTimings timings, LostClients clients) {
        this.bus = new RedisBus(context, timings, members, counters, clients);
        this.routes = new RedisRouteLog(context, members, bus::local);
    }

    /** Where messages go. */
    public RouteLog routes() {
        return routes;
    }

    /** Members, and how they talk. */
    public ClusterBus bus() {
        return bus;
    }

    /** Whether a node was a member and is none any more, as far as this process knows; one that has just joined may not be known yet. */
    public boolean isGone(NodeId node) {
        return members.isGone(node);
    }

    /** What the bus counts. */
    public BusCounters counters() {
        return counters;
    }

    /** Ends what runs here for nodes that have not left; their leases run out. */
    public void close() {
        bus.close();
    }
}
