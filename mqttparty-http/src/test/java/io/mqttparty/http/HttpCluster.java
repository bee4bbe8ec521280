package io.mqttparty.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.http.internal.client.ClockTimers;
import io.mqttparty.http.internal.client.FakeHttpClient;
import io.mqttparty.http.spi.HttpListener;
import io.mqttparty.model.ClientId;
import io.mqttparty.model.TopicName;
import io.mqttparty.spi.DeadLetters.DeadLetter;
import io.mqttparty.spi.Outbox;
import io.mqttparty.spi.Outbox.ShardStatus;
import io.mqttparty.testkit.cluster.ClusterNode;
import io.mqttparty.testkit.cluster.ClusterScene;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/** Several nodes on one backend of the broker, each with an uplink whose HTTP client is the test itself. */
final class HttpCluster implements AutoCloseable {
    final List<FakeHttpClient> backends = new ArrayList<>();
    final List<HttpUpstream> upstreams = new ArrayList<>();
    final List<String> events = new ArrayList<>();
    final ClusterScene scene;
    private final UnaryOperator<HttpUpstreamBuilder> choice;

    HttpCluster(int nodes, UnaryOperator<HttpUpstreamBuilder> choice) {
        this.choice = choice;
        scene = ClusterScene.of(0, builder -> builder.allowAnonymous().extension(newUpstream()));
        for (int i = 0; i < nodes; i++) {
            scene.addNode();
        }
    }

    private HttpUpstream newUpstream() {
        FakeHttpClient backend = new FakeHttpClient();
        HttpUpstream upstream = choice.apply(HttpUpstream.builder()
                        .httpClient(backend)
                        .timers(new ClockTimers(scene.clock()))
                        .clock(scene.clock())
                        .random(new Random(backends.size()))
                        .listener(new HttpListener() {
                            @Override
                            public void onDeadLetter(
                                    ClientId client, TopicName topic, String id, int tries, String reason) {
                                events.add("dead " + client + " " + topic + " after " + tries + ": " + reason);
                            }

                            @Override
                            public void onGivenUp(
                                    ClientId client, TopicName topic, String id, int tries, String reason) {
                                events.add("given up " + client + " " + topic + ": " + reason);
                            }
                        }))
                .build();
        backends.add(backend);
        upstreams.add(upstream);
        return upstream;
    }

    ClusterNode node(int index) {
        return scene.node(index);
    }

    /** All requests of all nodes that are not answered. */
    List<FakeHttpClient.Exchange> open() {
        return backends.stream().flatMap(each -> each.open().stream()).toList();
    }

    List<FakeHttpClient.Exchange> all() {
        return backends.stream().flatMap(each -> each.exchanges().stream()).toList();
    }

    /** Answers everything with 2xx, as time goes by, until nothing comes any more. Returns the bodies in their order. */
    List<String> deliverAll(Duration time) {
        List<String> bodies = new ArrayList<>();
        for (long passed = 0; passed <= time.toMillis(); passed += 100) {
            while (!open().isEmpty()) {
                FakeHttpClient.Exchange next = open().get(0);
                bodies.add(next.body());
                next.answer(204);
                scene.clock().runUntilIdle();
            }
            scene.advanceMillis(100);
        }
        return bodies;
    }

    Outbox outbox() {
        return scene.shared().outbox();
    }

    static <T> T now(CompletionStage<T> stage) {
        assertThat(stage.toCompletableFuture()).isCompleted();
        return stage.toCompletableFuture().join();
    }

    long waiting() {
        return now(outbox().status()).stream().mapToLong(ShardStatus::messages).sum();
    }

    List<DeadLetter> deadLetters() {
        List<DeadLetter> all = new ArrayList<>();
        for (int shard = 0; shard < outbox().shards(); shard++) {
            all.addAll(now(outbox().deadLetters().list(shard, 0, 100)));
        }
        return all;
    }

    @Override
    public void close() {
        scene.close();
    }
}
