package io.mqttparty.testkit.cluster;

import io.mqttparty.spi.Backend;
import io.mqttparty.spi.Cluster;
import io.mqttparty.spi.ClusterBus;
import io.mqttparty.spi.Outbox;
import io.mqttparty.spi.Presence;
import io.mqttparty.spi.RetainedStore;
import io.mqttparty.spi.RouteLog;
import io.mqttparty.spi.SessionStore;
import io.mqttparty.testkit.FakeClock;
import java.util.concurrent.CompletionStage;

/**
 * A shared backend as one node sees it: whatever the node asks for, and whatever it is told, can be delayed, dropped or made to fail. Its route
 * log is one that has to be read: entries arrive when it is not stalled, and it is fresh as of its last read. Used on the thread of the test.
 */
public final class ControlledBackend implements Backend {
    private final Backend shared;
    private final Calls calls = new Calls();
    private final SessionStore sessions;
    private final RetainedStore retained;
    private final BusControl bus;
    private final RouteControl routes;
    private final Cluster cluster;
    private final Outbox outbox;

    /** The backend as a further node sees it. */
    public ControlledBackend(Backend shared, FakeClock clock) {
        this.shared = shared;
        this.sessions = calls.control(SessionStore.class, shared.sessions());
        this.retained = calls.control(RetainedStore.class, shared.retained());
        this.bus = new BusControl(shared.cluster().bus(), calls);
        this.routes = new RouteControl(shared.cluster().routes(), calls, clock);
        this.cluster = new ControlledCluster(
                routes, bus, calls.control(Presence.class, shared.cluster().presence()));
        this.outbox = calls.control(Outbox.class, shared.outbox());
    }

    private record ControlledCluster(RouteLog routes, ClusterBus bus, Presence presence) implements Cluster {}

    /** The control of all calls of the node to the method of this name, whichever part it belongs to. */
    public CallControl calls(String method) {
        return calls.of(method);
    }

    /** The node's membership and what others send to it. */
    public BusControl bus() {
        return bus;
    }

    /** The node's reading of the route log. */
    public RouteControl routes() {
        return routes;
    }

    /** The process of the node is gone: nothing that it asked for is done any more, and nothing is told to it. */
    public void cutOff() {
        calls.cutOff();
        bus.cutOff();
        routes.cutOff();
    }

    @Override
    public String name() {
        return "controlled-" + shared.name();
    }

    @Override
    public CompletionStage<Void> start() {
        return shared.start();
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
        return cluster;
    }

    @Override
    public Outbox outbox() {
        return outbox;
    }
}
