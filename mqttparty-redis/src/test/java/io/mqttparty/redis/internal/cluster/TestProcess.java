package io.mqttparty.redis.internal.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import io.mqttparty.model.ClientId;
import io.mqttparty.model.Limits;
import io.mqttparty.redis.internal.key.Keys;
import io.mqttparty.redis.internal.lane.LaneOptions;
import io.mqttparty.redis.internal.lane.Lanes;
import io.mqttparty.redis.internal.lane.RedisContext;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.ClusterBus;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.RouteLog;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** What one process of a cluster has, with times that a test can wait for. */
final class TestProcess implements AutoCloseable {
    /** A lease of two seconds that is given up after one and a half. */
    static final ClusterTimings QUICK = new ClusterTimings(2_000, 300, 1_500, 100, 20, 5, 1_000, 20_000);

    private static final LaneOptions OPTIONS =
            new LaneOptions(Duration.ofMillis(700).toNanos(), 10_000, 16 << 20, 0, 0);

    private final ClientResources resources;
    private final RedisClient client;
    private final Lanes lanes;
    private final RedisContext context;
    private final RedisCluster cluster;

    private TestProcess(RedisURI uri, String prefix, ClusterTimings timings, LostClients lost) {
        this.resources = DefaultClientResources.builder()
                .reconnectDelay(Delay.constant(Duration.ofMillis(50)))
                .build();
        this.client = RedisClient.create(resources);
        client.setOptions(ClientOptions.builder()
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .build());
        this.lanes = new Lanes(client, uri, OPTIONS, 2);
        this.context = new RedisContext(new Keys(prefix), lanes, Limits.DEFAULTS, resources.eventExecutorGroup());
        await(lanes.open());
        this.cluster = new RedisCluster(context, timings, lost == null ? this::forget : lost);
    }

    static TestProcess open(int port, String prefix) {
        return open(port, prefix, QUICK);
    }

    static TestProcess open(int port, String prefix, ClusterTimings timings) {
        return new TestProcess(RedisURI.create("127.0.0.1", port), prefix, timings, null);
    }

    static TestProcess open(String uri, String prefix) {
        return new TestProcess(RedisURI.create(uri), prefix, QUICK, null);
    }

    static TestProcess open(int port, String prefix, LostClients lost) {
        return new TestProcess(RedisURI.create("127.0.0.1", port), prefix, QUICK, lost);
    }

    /** There are no sessions here: a lost client is out of the set and that is all. */
    private CompletionStage<Boolean> forget(ClientId id, NodeId node) {
        return Lanes.call(
                lanes.of(id),
                CommandType.SREM,
                reply -> true,
                context.keys().attached(node),
                id.value().getBytes(StandardCharsets.UTF_8));
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
