package io.mqttparty.redis.internal.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import io.mqttparty.model.ClientId;
import io.mqttparty.model.Limits;
import io.mqttparty.redis.internal.key.Keys;
import io.mqttparty.redis.internal.lane.LaneOptions;
import io.mqttparty.redis.internal.lane.Lanes;
import io.mqttparty.redis.internal.lane.RedisContext;
import io.mqttparty.redis.internal.session.RedisSessions;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.ClusterBus;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.RouteLog;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What one process of a cluster has, with times that a test can wait for. */
final class TestProcess implements AutoCloseable {
    /** A lease of three seconds that is given up after two. */
    static final ClusterTimings QUICK = new ClusterTimings(3_000, 300, 2_000, 100, 20, 5, 1_000, 20_000);

    private static final LaneOptions OPTIONS =
            new LaneOptions(Duration.ofMillis(1_500).toNanos(), 10_000, 16 << 20, 0, 0);

    private final ClientResources resources;
    private final RedisClient client;
    private final Lanes lanes;
    private final RedisContext context;
    private final RedisSessions sessions;
    private final RedisCluster cluster;
    private final AtomicInteger lost = new AtomicInteger();
    private volatile int hangAfter = Integer.MAX_VALUE;

    private TestProcess(RedisURI uri, String prefix, ClusterTimings timings) {
        this.resources = DefaultClientResources.builder()
                .reconnectDelay(Delay.constant(Duration.ofMillis(50)))
                .build();
        this.client = RedisClient.create(resources);
        client.setOptions(ClientOptions.builder()
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .build());
        this.lanes = new Lanes(client, uri, OPTIONS, 2);
        this.context = new RedisContext(new Keys(prefix), lanes, Limits.DEFAULTS, resources.eventExecutorGroup());
        this.sessions = new RedisSessions(context);
        await(lanes.open());
        this.cluster = new RedisCluster(context, timings, this::lose);
    }

    static TestProcess open(int port, String prefix) {
        return open(port, prefix, QUICK);
    }

    static TestProcess open(int port, String prefix, ClusterTimings timings) {
        return new TestProcess(RedisURI.create("127.0.0.1", port), prefix, timings);
    }

    /** With the times of a cluster in use. */
    static TestProcess openSentinel(String uri, String prefix) {
        return new TestProcess(RedisURI.create(uri), prefix, ClusterTimings.DEFAULT);
    }

    private CompletionStage<Boolean> lose(ClientId id, NodeId node) {
        if (lost.incrementAndGet() > hangAfter) {
            return new CompletableFuture<>();
        }
        return sessions.detaching().lose(id, node);
    }

    /** From now on it detaches only so many clients of dead nodes, and hangs over the next. */
    void hangAfter(int clients) {
        hangAfter = clients;
    }

    /** How many clients of dead nodes it was to detach. */
    int lost() {
        return lost.get();
    }

    RedisSessions sessions() {
        return sessions;
    }

    static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }

    static NodeId newId(String name) {
        return new NodeId(name + "." + UUID.randomUUID().toString().substring(0, 8));
    }

    /** A member that follows the routes. */
    TestNode join(String name) {
        TestNode node = new TestNode(newId(name), this);
        node.lease(await(bus().join(node.id(), node)));
        await(routes().follow(node.id(), node));
        return node;
    }

    RedisContext context() {
        return context;
    }

    RedisCluster cluster() {
        return cluster;
    }

    ClusterBus bus() {
        return cluster.bus();
    }

    RouteLog routes() {
        return cluster.routes();
    }

    void send(TestNode from, NodeId to, BusRecord record) {
        assertThat(await(bus().send(from.id(), to, record))).isTrue();
    }

    /** Ends without a word, as a process that is killed. */
    @Override
    public void close() {
        cluster.close();
        await(lanes.close());
        client.shutdown(Duration.ZERO, Duration.ofSeconds(5));
        resources.shutdown(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(5_000);
    }
}
