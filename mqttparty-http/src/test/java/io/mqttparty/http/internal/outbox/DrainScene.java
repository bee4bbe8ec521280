package io.mqttparty.http.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.MemoryBackend;
import io.mqttparty.http.internal.client.ClockTimers;
import io.mqttparty.model.ClientId;
import io.mqttparty.model.Limits;
import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.spi.Backend;
import io.mqttparty.spi.DeadLetters.DeadLetter;
import io.mqttparty.spi.MessageId;
import io.mqttparty.spi.Outbox;
import io.mqttparty.spi.Outbox.Entry;
import io.mqttparty.spi.Outbox.ShardStatus;
import io.mqttparty.spi.Token;
import io.mqttparty.testkit.FakeClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Several nodes that drain one outbox, on the clock and the thread of the test. */
final class DrainScene implements AutoCloseable {
    final FakeClock clock = FakeClock.create();
    final ClockTimers timers = new ClockTimers(clock);
    final Backend shared = MemoryBackend.create(Limits.DEFAULTS, clock);
    final Outbox outbox = shared.outbox();
    /** All deliveries of all nodes, in the order in which they began. */
    final List<DrainNode.Delivery> deliveries = new ArrayList<>();

    private final List<DrainNode> nodes = new ArrayList<>();
    private final DrainSettings settings;
    private long ids;

    DrainScene() {
        this(DrainSettings.DEFAULTS);
    }

    DrainScene(DrainSettings settings) {
        this.settings = settings;
    }

    /** A further node; it has started. */
    DrainNode node() {
        DrainNode node = newNode();
        node.drainer().start();
        return node;
    }

    /** A further node; it has not started. */
    DrainNode newNode() {
        DrainNode node = new DrainNode(this, "node-" + nodes.size(), settings);
        nodes.add(node);
        return node;
    }

    ClientId clientOf(int shard, int number) {
        int found = -1;
        for (int i = 0; ; i++) {
            ClientId client = ClientId.of("device-" + i);
            if (outbox.shardOf(client) == shard && ++found == number) {
                return client;
            }
        }
    }

    /** Appends as a node that does not drain would. */
    Entry append(String client, String payload) {
        return append(client, "route", payload);
    }

    Entry append(String client, String route, String payload) {
        ids++;
        Entry entry = new Entry(
                new MessageId(7, ids),
                ClientId.of(client),
                route,
                Message.of("t", payload, QoS.AT_LEAST_ONCE),
                Map.of(),
                clock.millis());
        assertThat(outbox.append(entry).toCompletableFuture()).isCompleted();
        return entry;
    }

    void advance(Duration time) {
        clock.advance(time);
    }

    void advanceMillis(long millis) {
        clock.advance(Duration.ofMillis(millis));
    }

    void advanceSeconds(long seconds) {
        clock.advance(Duration.ofSeconds(seconds));
    }

    List<String> delivered() {
        return deliveries.stream().map(DrainNode.Delivery::payload).toList();
    }

    List<String> deliveredOf(String client) {
        return deliveries.stream()
                .filter(each -> each.entry().client().value().equals(client))
                .map(DrainNode.Delivery::payload)
                .toList();
    }

    List<ShardStatus> status() {
        return now(outbox.status());
    }

    long waiting() {
        return status().stream().mapToLong(ShardStatus::messages).sum();
    }

    /** How many shards each node holds. */
    List<Integer> held() {
        return nodes.stream().map(DrainNode::held).toList();
    }

    List<DeadLetter> deadLetters() {
        List<DeadLetter> all = new ArrayList<>();
        for (int shard = 0; shard < outbox.shards(); shard++) {
            all.addAll(now(outbox.deadLetters().list(shard, 0, 1_000)));
        }
        return all;
    }

    int shardOf(String client) {
        return outbox.shardOf(ClientId.of(client));
    }

    static <T> T now(CompletionStage<T> stage) {
        assertThat(stage.toCompletableFuture()).isCompleted();
        return stage.toCompletableFuture().join();
    }

    List<Token> drainers() {
        return now(outbox.drainers(new Token("nobody"), Duration.ZERO));
    }

    @Override
    public void close() {
        clock.assertNoViolations();
    }
}
