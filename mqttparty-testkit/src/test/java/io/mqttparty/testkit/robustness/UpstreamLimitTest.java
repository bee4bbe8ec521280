package io.mqttparty.testkit.robustness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttparty.MqttParty;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.spi.Counter;
import io.mqttparty.spi.Upstream;
import io.mqttparty.testkit.TestClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The time limit is that of the upstream, if it has one of its own. */
class UpstreamLimitTest {
    private final List<CompletableFuture<Void>> calls = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void upstream_withATimeLimitOfItsOwn_thatCounts(boolean persistent) {
        Upstream upstream = limited(Optional.of(Duration.ofSeconds(60)));
        try (Scene scene = Scene.start(b -> b.allowAnonymous().upstream(TopicFilter.of("up"), upstream))) {
            TestClient client = persistent ? scene.persistent("c") : scene.client("c");
            client.publish("up", "1", 2, 1);
            scene.advanceSeconds(59.9);
            client.expectNothing();
            scene.advanceSeconds(0.1);

            client.expectClosed();
            assertThat(scene.count(Counter.PUBLISHES_FAILED)).isEqualTo(1);
            scene.assertOthersGoOn();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void upstream_withoutTimeLimit_isWaitedFor(int qos) {
        Upstream upstream = limited(Optional.empty());
        try (Scene scene = Scene.start(b -> b.allowAnonymous().upstream(TopicFilter.of("up"), upstream))) {
            TestClient client = scene.persistent("c").publish("up", "1", qos, qos);
            scene.advance(Duration.ofHours(1));
            client.expectNothing();

            calls.forEach(each -> each.complete(null));

            if (qos == 1) {
                client.expectPuback(qos);
            } else if (qos == 2) {
                client.expectPubrec(qos);
            }
            assertThat(scene.count(Counter.SPI_FAILURES)).isZero();
            scene.assertOthersGoOn();
        }
    }

    @Test
    void upstream_withATimeLimitOfNothingOrForEver_isRefused() {
        for (Duration limit : List.of(
                Duration.ZERO,
                Duration.ofSeconds(-1),
                Duration.ofDays(365).plusNanos(1),
                Duration.ofSeconds(Long.MAX_VALUE))) {
            assertThatThrownBy(() -> MqttParty.builder().upstream(TopicFilter.of("up"), limited(Optional.of(limit))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("upstream: time limit " + limit
                            + " (expected: longer than nothing and a year at most, or none)");
        }
    }

    private Upstream limited(Optional<Duration> limit) {
        return new Upstream() {
            @Override
            public CompletionStage<Void> onPublish(Request request) {
                CompletableFuture<Void> call = new CompletableFuture<>();
                calls.add(call);
                return call;
            }

            @Override
            public Optional<Duration> timeLimit() {
                return limit;
            }
        };
    }
}
