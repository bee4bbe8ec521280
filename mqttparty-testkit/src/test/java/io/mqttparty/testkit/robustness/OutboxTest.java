package io.mqttparty.testkit.robustness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttparty.MemoryBackend;
import io.mqttparty.MqttParty;
import io.mqttparty.model.ClientId;
import io.mqttparty.model.Limits;
import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.spi.Backend;
import io.mqttparty.spi.Counter;
import io.mqttparty.spi.Outbox;
import io.mqttparty.spi.Outbox.Entry;
import io.mqttparty.spi.Outbox.Lease;
import io.mqttparty.spi.Outbox.Waiting;
import io.mqttparty.spi.Token;
import io.mqttparty.spi.Upstream;
import io.mqttparty.testkit.TestClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** An upstream that acknowledges what is in the outbox, and delivers later. */
class OutboxTest {
    /** One message for each shard. */
    private static final Limits SMALL = Limits.DEFAULTS.withOutboxMessages(16);

    private final Backend backend = MemoryBackend.create(SMALL, () -> Instant.EPOCH);

    private Scene scene() {
        Outbox outbox = backend.outbox();
        Upstream upstream = request -> outbox.append(
                new Entry(request.messageId(), request.client().clientId(), "r", request.message(), Map.of(), 0));
        return Scene.start(
                b -> b.allowAnonymous().backend(backend).limits(SMALL).upstream(TopicFilter.of("up/#"), upstream));
    }

    @Test
    void publish_qos1And2_acknowledgedWhenInTheOutbox() {
        try (Scene scene = scene()) {
            scene.client("one").published("up/1", "a", 1);
            scene.client("two").published("up/2", "b", 2);

            assertThat(waiting(scene.broker().outbox(), "one", "two"))
                    .satisfiesExactly(
                            first -> {
                                assertThat(first.entry().client()).isEqualTo(ClientId.of("one"));
                                assertThat(first.entry().message().topic().value())
                                        .isEqualTo("up/1");
                                assertThat(first.entry().message().qos()).isEqualTo(QoS.AT_LEAST_ONCE);
                            },
                            second -> assertThat(
                                            second.entry().message().payload().asUtf8String())
                                    .isEqualTo("b"));
        }
    }

    @Test
    void publish_outboxFull_notAcknowledgedAndClosed() {
        try (Scene scene = scene()) {
            TestClient client = scene.client("one").published("up/1", "a", 1);

            client.publish("up/1", "b", 1, 2).expectClosed();

            assertThat(scene.count(Counter.PUBLISHES_FAILED)).isOne();
            assertThat(waiting(scene.broker().outbox(), "one")).hasSize(1);
            scene.assertOthersGoOn();
        }
    }

    @Test
    void outbox_setAlone_isTheBrokers() {
        Outbox other = MemoryBackend.create().outbox();

        try (Scene scene = Scene.start(b -> b.allowAnonymous().backend(backend).outbox(other))) {
            assertThat(scene.broker().outbox()).isSameAs(other);
        }
        try (Scene scene = Scene.start(b -> b.allowAnonymous().backend(backend))) {
            assertThat(scene.broker().outbox()).isSameAs(backend.outbox());
        }
        assertThatThrownBy(() -> MqttParty.builder().outbox(other).outbox(other))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("outbox: ");
    }

    private static List<Waiting> waiting(Outbox outbox, String... clients) {
        return IntStream.range(0, clients.length)
                .map(i -> outbox.shardOf(ClientId.of(clients[i])))
                .mapToObj(shard -> {
                    Lease lease = outbox.lease(shard, new Token("test-" + shard), Duration.ofSeconds(1))
                            .toCompletableFuture()
                            .join()
                            .orElseThrow();
                    return outbox.read(lease, 0, 10)
                            .toCompletableFuture()
                            .join()
                            .messages();
                })
                .flatMap(List::stream)
                .toList();
    }
}
