package io.mqttparty.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.examples.BackendUpstream.Reading;
import io.mqttparty.testkit.TestClient;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UpstreamExampleIT {
    private final List<Reading> saved = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> answer = new CompletableFuture<>();
    private final Running running = Running.of(UpstreamExample.describe(reading -> {
        saved.add(reading);
        return answer;
    }));

    @AfterEach
    void close() {
        running.close();
    }

    @Test
    void publish_qos1_pubackAfterTheBackend() {
        try (TestClient device = running.client("d")) {
            device.publish("telemetry/d/temperature", "21", 1, 1);
            device.pingreq().expectPingresp();
            assertThat(saved)
                    .singleElement()
                    .usingRecursiveComparison()
                    .ignoringFields("id")
                    .isEqualTo(new Reading("", "d", "telemetry/d/temperature", "21"));
            answer.complete(null);
            device.expectPuback(1);
        }
    }

    @Test
    void publish_backendFails_closedWithoutPuback() {
        answer.completeExceptionally(new IllegalStateException("disk full"));
        TestClient device = running.client("d");
        device.publish("telemetry/d/temperature", "21", 1, 1).expectClosed();
    }

    @Test
    void publish_otherTopic_notForTheBackend() {
        try (TestClient device = running.client("d")) {
            device.published("chat/d", "hi", 1);
            assertThat(saved).isEmpty();
        }
    }
}
