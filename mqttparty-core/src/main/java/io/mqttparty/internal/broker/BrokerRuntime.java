package io.mqttparty.internal.broker;

import io.mqttparty.internal.session.SessionLimits;
import io.mqttparty.model.ClientId;
import io.mqttparty.model.Limits;
import io.mqttparty.model.ReasonCode;
import io.mqttparty.model.TopicName;
import io.mqttparty.spi.Authenticator;
import io.mqttparty.spi.Authorizer;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.Cluster;
import io.mqttparty.spi.Counter;
import io.mqttparty.spi.DropReason;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.RetainedStore;
import io.mqttparty.spi.SessionStore;
import io.mqttparty.spi.transport.EventLoop;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a running broker, and what they share. Made when the first listener is open, since its loops are the broker's. Any thread may
 * call it unless a method says otherwise.
 */
public final class BrokerRuntime {
    private final BrokerConfig config;
    private final BrokerLog log;
    private final Events events;
    private final SessionLimits sessionLimits;
    private final RouteTable routes;
    private final LocalConnections local = new LocalConnections();
    private final Dispatcher dispatcher = new Dispatcher(this);
    private final Admission admission;
    private final Qos2 qos2 = new Qos2(this);
    private final Queues queues;
    private final Upstreams upstreams;
    private final Wills wills = new Wills(this);
    private final Kicks kicks = new Kicks(this);
    private final SessionEnds ends = new SessionEnds(this);
    private final RouteGate gate = new RouteGate(this);
    private final RouteFreshness freshness;
    private final Membership membership;
    private final Resync resync = new Resync(this);
    private final SharedPick sharedPick = new SharedPick(this);
    private final Requests requests = new Requests(10_000, () -> loops().add(Counter.REQUESTS_REFUSED));
    private final NodeLinks links;
    private final OwnerCache owners;
    private final ClientOrders orders = new ClientOrders(this);
    private final NodeCalls calls = new NodeCalls(this);
    private final NodeService service = new NodeService(this);
    private final Inbox inbox = new Inbox(this);
    private final Promises promises = new Promises();
    private final LostConnections lostConnections = new LostConnections(this);
    private final Shedding shedding;
    private final Sweeper sweeper = new Sweeper(this);
    private final Loops loops;
    private final Ids ids;
    private final Connections connections = new Connections(this);
    private final WriteBehind writeBehind = new WriteBehind(this);
    private volatile boolean closing;

    BrokerRuntime(BrokerConfig config, Collection<EventLoop> eventLoops) {
        this.config = config;
        EventLoop home = eventLoops.iterator().next();
        this.log = new BrokerLog(home::nanoTime);
        this.ids = new Ids(config.nodeName(), config.random());
        this.links = new NodeLinks(config.cluster().bus(), this::nodeId);
        this.owners = new OwnerCache(this::nodeId, home::nanoTime);
        this.events = new Events(config.listeners(), log);
        this.routes = new RouteTable(this, config.upstreams(), config.random().nextLong());
        this.freshness = new RouteFreshness(this, home);
        ByteBudget budget = new ByteBudget(config.limits().totalBytes());
        this.shedding = new Shedding(this, budget);
        this.admission = new Admission(this, config.authorizer(), config.interceptor());
        this.queues = new Queues(this, config.authorizer());
        this.upstreams = new Upstreams(log);
        Limits limits = config.limits();
        this.sessionLimits = new SessionLimits(
                limits.receiveMaximum(),
                limits.queueMessages(),
                limits.queueBytes(),
                limits.inboundQos2(),
                limits.keepAlive().toNanos());
        this.loops = new Loops(config, eventLoops, routes, budget);
        this.membership = new Membership(this);
    }

    /** A call of the backend failed that the connection cannot do without [MQTT-4.8.0-2]. */
    void storeFailed(ConnectionDriver connection, Throwable failure) {
        LiveSession session = connection.sessionIfAny();
        if (session != null) {
            log.spiFailed("session store", session.clientId(), failure);
        }
        connection.end(ReasonCode.SERVER_UNAVAILABLE);
    }

    void dropped(LoopContext loop, ClientId client, TopicName topic, DropReason reason) {
        dropped(loop, client, topic, reason, 1);
    }

    void dropped(LoopContext loop, ClientId client, TopicName topic, DropReason reason, long count) {
        loop.counters().add(reason, count);
        events.dropped(client, topic, reason);
    }

    // ---- the bus ----

    /** A record of another node, or of this one; on any thread. */
    void onRecord(NodeId from, BusRecord record) {
        inbox.onRecord(from, record);
    }

    // ---- start and end ----

    /** Joins the cluster and follows its routes. */
    CompletionStage<Void> join() {
        sweeper.start();
        return membership.start();
    }

    /** Takes no CONNECT any more and ends all connections, without wills: see docs/adr/0005. */
    void drain() {
        closing = true;
        sweeper.stop();
        calls.failAll("the broker is closing");
        requests.failAll("the broker is closing");
        endAll(ReasonCode.SERVER_SHUTTING_DOWN);
    }

    /** Nobody is left who could answer the application, and nothing is told to it any more. */
    void end() {
        lostConnections.end();
        promises.end();
    }

    /** The start failed after this was made: nothing of it goes on. */
    void abort() {
        sweeper.stop();
    }

    /** Ends calls to nodes that are no members any more, and drops theirs. */
    void forgetNodesThatLeft() {
        Set<NodeId> members = config.cluster().bus().members();
        calls.onMembers(members);
        service.onMembers(members);
    }

    /** Ends all connections, accepted or not. */
    void endAll(ReasonCode reason) {
        loops.each(loop -> loop.unaccepted().endAll(reason));
        local.forEach(connection -> connection.loop().execute(() -> connection.end(reason)));
    }

    /** Whether connections or the ends of their sessions are still being worked on. */
    boolean isQuiet() {
        return local.size() == 0 && ends.open() == 0;
    }

    CompletionStage<Void> leave() {
        return membership.leave();
    }

    boolean isClosing() {
        return closing;
    }

    /** Whether clients may connect. */
    public boolean isServing() {
        return !closing && membership.isServing();
    }

    /** The id of this node now. */
    public NodeId nodeId() {
        return membership.member().id();
    }

    // ---- what is counted ----

    /** The sum over all loops. */
    public long count(Counter counter) {
        return loops.count(counter);
    }

    /** The sum over all loops. */
    public long count(DropReason reason) {
        return loops.count(reason);
    }

    /** The connections now, accepted or not. */
    public int connections() {
        return connections.open();
    }

    // ---- parts ----

    Loops loops() {
        return loops;
    }

    LoopContext homeLoop() {
        return loops.home();
    }

    Limits limits() {
        return config.limits();
    }

    SessionLimits sessionLimits() {
        return sessionLimits;
    }

    Timeouts timeouts() {
        return config.timeouts();
    }

    RandomGenerator random() {
        return config.random();
    }

    InstantSource clock() {
        return config.clock();
    }

    SessionStore sessions() {
        return config.sessions();
    }

    RetainedStore retained() {
        return config.retained();
    }

    Cluster cluster() {
        return config.cluster();
    }

    Authenticator authenticator() {
        return config.authenticator();
    }

    @Nullable
    Authorizer authorizer() {
        return config.authorizer();
    }

    Ids ids() {
        return ids;
    }

    Connections accepting() {
        return connections;
    }

    WriteBehind writeBehind() {
        return writeBehind;
    }

    BrokerLog log() {
        return log;
    }

    Events events() {
        return events;
    }

    RouteTable routes() {
        return routes;
    }

    LocalConnections local() {
        return local;
    }

    Dispatcher dispatcher() {
        return dispatcher;
    }

    Admission admission() {
        return admission;
    }

    Qos2 qos2() {
        return qos2;
    }

    Queues queues() {
        return queues;
    }

    /** Whether so much is on its way to the store or to other nodes that publishers should pause. */
    boolean isBackendCongested() {
        return sessions().isCongested() || cluster().bus().isCongested();
    }

    Upstreams upstreams() {
        return upstreams;
    }

    Wills wills() {
        return wills;
    }

    Kicks kicks() {
        return kicks;
    }

    SessionEnds ends() {
        return ends;
    }

    RouteGate gate() {
        return gate;
    }

    RouteFreshness freshness() {
        return freshness;
    }

    Membership membership() {
        return membership;
    }

    Resync resync() {
        return resync;
    }

    SharedPick sharedPick() {
        return sharedPick;
    }

    Requests requests() {
        return requests;
    }

    NodeLinks links() {
        return links;
    }

    OwnerCache owners() {
        return owners;
    }

    ClientOrders orders() {
        return orders;
    }

    NodeCalls calls() {
        return calls;
    }

    NodeService service() {
        return service;
    }

    Promises promises() {
        return promises;
    }

    LostConnections lostConnections() {
        return lostConnections;
    }

    Shedding shedding() {
        return shedding;
    }
}
