package io.mqttparty.internal.memory;

import io.mqttparty.spi.Backend;
import io.mqttparty.spi.Cluster;
import io.mqttparty.spi.ClusterBus;
import io.mqttparty.spi.Presence;
import io.mqttparty.spi.RetainedStore;
import io.mqttparty.spi.RouteLog;
import io.mqttparty.spi.SessionStore;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Everything in memory. Brokers of one JVM that share it are a cluster. */
public final class MemoryBackend implements Backend, Cluster {
    /**
     * What it needs to know.
     *
     * @param clock for expiry and epochs
     * @param queueMessages the most messages of one session
     * @param queueBytes their bytes
     */
    public record Config(InstantSource clock, int queueMessages, long queueBytes) {}

    private final MemoryRouteLog routes = new MemoryRouteLog();
    private final MemoryRetained retained;
    private final MemorySessions sessions;
    private final MemoryBus bus;
    private final MemoryPresence presence;

    /** A backend without any session. */
    public MemoryBackend(Config config) {
        Records records = new Records();
        this.retained = new MemoryRetained(records);
        this.bus = new MemoryBus(records, routes, config.clock());
        this.sessions = new MemorySessions(config, records, retained, routes, bus);
        this.presence = new MemoryPresence(records);
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public CompletionStage<Void> start() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public SessionStore sessions() {
        return sessions;
    }

    @Override
    public RetainedStore retained() {
        return retained;
    }

    @Override
    public Cluster cluster() {
        return this;
    }

    @Override
    public RouteLog routes() {
        return routes;
    }

    @Override
    public ClusterBus bus() {
        return bus;
    }

    @Override
    public Presence presence() {
        return presence;
    }
}
