package io.mqttparty.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.MemoryBackend;
import io.mqttparty.spi.Backend;
import io.mqttparty.testkit.TestClient;
import org.junit.jupiter.api.Test;

class SessionStoreExampleIT {
    @Test
    void session_leftAndResumed_countedAndNothingLost() {
        Backend backend = MemoryBackend.create();
        CountingSessionStore sessions = new CountingSessionStore(backend.sessions());
        try (Running running = Running.of(SessionStoreExample.describe(backend, sessions))) {
            persistent(running)
                    .expectConnack(0, false)
                    .subscribed("t", 1)
                    .disconnect()
                    .expectClosed();
            try (TestClient publisher = running.client("p")) {
                publisher.published("t", "1", 1).published("t", "2", 1);
            }
            TestClient back = persistent(running).acknowledgeAll().expectConnack(0, true);
            back.expectPublish("t", "1", 1);
            back.expectPublish("t", "2", 1);
            back.close();
        }
        assertThat(sessions.created()).as("of c and p").isEqualTo(2);
        assertThat(sessions.resumed()).isEqualTo(1);
        assertThat(sessions.queued()).isEqualTo(2);
    }

    private static TestClient persistent(Running running) {
        return TestClient.connect(running.pipe(), c -> c.clientId("c").cleanSession(false));
    }
}
