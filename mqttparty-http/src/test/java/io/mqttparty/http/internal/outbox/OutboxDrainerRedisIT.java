package io.mqttparty.http.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.http.internal.client.ExecutorTimers;
import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.redis.RedisBackend;
import io.mqttparty.redis.fixture.CutRelay;
import io.mqttparty.redis.fixture.Fsync;
import io.mqttparty.redis.fixture.RedisServer;
import io.mqttparty.redis.fixture.RespClient;
import io.mqttparty.spi.MessageId;
import io.mqttparty.spi.Outbox;
import io.mqttparty.spi.Outbox.Entry;
import io.mqttparty.spi.Outbox.ShardStatus;
import io.mqttparty.spi.Token;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nodes that drain an outbox in a real Redis. */
@Tag("fault")
final class OutboxDrainerRedisIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final DrainSettings QUICK = new DrainSettings(
            Duration.ofMillis(2_000),
            Duration.ofMillis(500),
            20,
            32,
            256,
            1024 * 1024,
            Duration.ofMillis(500),
            Duration.ofMillis(20),
            Duration.ofMillis(200),
            Duration.ofMillis(10),
            Duration.ofMillis(200),
            Duration.ofMillis(500));

    private final RedisServer server =
            RedisServer.builder().appendOnly(Fsync.ALWAYS).start();
    private final ScheduledExecutorService timer = ExecutorTimers.newExecutor();
    private final List<Node> nodes = new ArrayList<>();
    private final AtomicInteger ids = new AtomicInteger();
    /** What was delivered, in order, by client. */
    private final Map<String, List<String>> delivered = new ConcurrentHashMap<>();

    @AfterEach
    void close() {
        nodes.forEach(Node::close);
        timer.shutdownNow();
        server.close();
    }

    /** A node that reaches Redis through a relay. */
    private final class Node implements Deliverer, DrainListener {
        private final CutRelay relay = CutRelay.to(server.port());
        private final RedisBackend backend =
                RedisBackend.builder().uri("redis://127.0.0.1:" + relay.port()).build();
        private final AtomicInteger shards = new AtomicInteger();
        private final OutboxDrainer drainer;
        private volatile boolean dead;

        Node(DrainSettings settings) {
            backend.start().toCompletableFuture().join();
            String name = "node-" + nodes.size();
            drainer = new OutboxDrainer(new Drain(
                    outbox(), new Token(name), this, this, new ExecutorTimers(timer), new Random(), settings));
            drainer.start();
        }

        Outbox outbox() {
            return backend.outbox();
        }

        /** The process is gone: what it asks for reaches nobody any more. */
        void kill() {
            dead = true;
            relay.refuse();
            relay.cutAll();
        }

        CompletableFuture<Void> append(String client, String payload) {
            Entry entry = new Entry(
                    new MessageId(3, ids.incrementAndGet()),
                    ClientId.of(client),
                    "route",
                    Message.of("t", payload, QoS.AT_LEAST_ONCE),
                    Map.of(),
                    1);
            return outbox().append(entry)
                    .thenRun(() -> drainer.appended(entry.client()))
                    .toCompletableFuture();
        }

        @Override
        public CompletionStage<Attempt> attempt(Entry entry, int attempts) {
            CompletableFuture<Attempt> answer = new CompletableFuture<>();
            if (dead) {
                return answer;
            }
            timer.schedule(
                    () -> {
                        if (!dead) {
                            delivered
                                    .computeIfAbsent(
                                            entry.client().value(),
                                            client -> Collections.synchronizedList(new ArrayList<>()))
                                    .add(entry.message().payload().asUtf8String());
                            answer.complete(new Attempt.Delivered());
                        }
                    },
                    2,
                    TimeUnit.MILLISECONDS);
            return answer;
        }

        @Override
        public void delivered(Entry entry) {}

        @Override
        public void failed(Entry entry, int attempts, String reason) {}

        @Override
        public void refused(Entry entry, int attempts, String reason) {}

        @Override
        public void givenUp(Entry entry, int attempts, String reason) {}

        @Override
        public void unreadable(int shard, int entries) {}

        @Override
        public void outboxFailed(int shard, String what, Throwable cause) {}

        @Override
        public void leaseChanged(int shard, boolean held) {
            shards.addAndGet(held ? 1 : -1);
        }

        void close() {
            backend.close();
            relay.close();
        }
    }

    private Node node() {
        Node node = new Node(QUICK);
        nodes.add(node);
        return node;
    }

    private static long waiting(Outbox outbox) {
        return outbox.status().toCompletableFuture().join().stream()
                .mapToLong(ShardStatus::messages)
                .sum();
    }

    private void awaitShards(Node node, int count) {
        Awaitility.await()
                .atMost(LONG)
                .untilAsserted(() -> assertThat(node.shards).hasValue(count));
    }

    @Test
    void threeNodes_oneDies_nothingIsLostAndTheOrderHolds() {
        Node one = node();
        Node two = node();
        Node three = node();
        awaitShards(two, 5);
        awaitShards(three, 5);
        awaitShards(one, 6);

        Map<String, List<String>> sent = new HashMap<>();
        Map<String, CompletableFuture<Void>> appends = new HashMap<>();
        for (int i = 0; i < 2_000; i++) {
            String client = "c" + i % 40;
            String payload = "m" + i;
            sent.computeIfAbsent(client, key -> new ArrayList<>()).add(payload);
            Node node = i % 2 == 0 ? two : three;
            CompletableFuture<Void> before = appends.getOrDefault(client, CompletableFuture.completedFuture(null));
            appends.put(client, before.thenCompose(done -> node.append(client, payload)));
            if (i == 1_000) {
                one.kill();
            }
        }
        CompletableFuture.allOf(appends.values().toArray(CompletableFuture[]::new))
                .join();

        Awaitility.await().atMost(LONG).until(() -> waiting(two.outbox()) == 0);
        sent.forEach((client, payloads) -> assertThat(new LinkedHashSet<>(delivered.get(client)))
                .as(client)
                .containsExactlyElementsOf(payloads));
        awaitShards(two, 8);
        awaitShards(three, 8);
    }

    @Test
    void redis_diesAndComesBack_nothingIsLostAndTheOrderHolds() {
        Node one = node();
        Node two = node();
        Map<String, List<String>> acknowledged = new HashMap<>();
        for (int i = 0; i < 400; i++) {
            String client = "c" + i % 10;
            if (i == 200) {
                server.kill();
                server.restart();
            }
            String payload = "m" + i;
            Awaitility.await()
                    .pollDelay(Duration.ZERO)
                    .atMost(LONG)
                    .ignoreExceptions()
                    .until(
                            () -> { // as the device does: it sends again until it is acknowledged
                                one.append(client, payload).join();
                                return true;
                            });
            acknowledged.computeIfAbsent(client, key -> new ArrayList<>()).add(payload);
        }

        Awaitility.await().atMost(LONG).ignoreExceptions().until(() -> waiting(two.outbox()) == 0);
        acknowledged.forEach((client, payloads) -> assertThat(new LinkedHashSet<>(delivered.get(client)))
                .as(client)
                .containsExactlyElementsOf(payloads));
    }

    @ParameterizedTest
    @CsvSource({"1, 4, 10", "2, 16, 25"})
    void idle_nodes_costRedisLittle(int count, int least, int most) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            nodes.add(new Node(DrainSettings.DEFAULTS));
        }
        nodes.forEach(each -> awaitShards(each, 16 / count));
        try (RespClient control = server.client()) {
            awaitIdle(control);
            control.resetStatistics();
            TimeUnit.SECONDS.sleep(10); // the time that is measured
            long calls = control.commandCalls().getOrDefault("evalsha", 0L);
            System.out.println(count + " idle drainers: " + calls / 10.0 + " scripts a second");

            assertThat(calls).isBetween(10L * least, 10L * most);
        }
    }

    /** The polls of all shards have become as rare as they get. */
    private static void awaitIdle(RespClient control) {
        Awaitility.await().atMost(LONG).pollInterval(Duration.ofSeconds(2)).until(() -> {
            long calls = control.commandCalls().getOrDefault("evalsha", 0L);
            control.resetStatistics();
            return calls < 2 * 30;
        });
    }
}
