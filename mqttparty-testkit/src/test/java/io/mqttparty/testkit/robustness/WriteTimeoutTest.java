package io.mqttparty.testkit.robustness;

import static io.mqttparty.testkit.robustness.Scene.connectionOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.spi.Counter;
import io.mqttparty.testkit.TestClient;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection whose socket takes nothing for 15 seconds without a break is closed, at most a second late. */
class WriteTimeoutTest {
    @AutoClose
    private final Scene scene = Scene.start();

    private final TestClient publisher = scene.client("publisher");

    private void assertClosedByTheTimeout(TestClient client) {
        assertThat(connectionOf(client).isOpen()).as("the connection is open").isFalse();
        assertThat(scene.count(Counter.WRITE_TIMEOUTS)).isEqualTo(1);
        assertThat(scene.events().lines()).contains("disconnected stalled QUOTA_EXCEEDED");
        scene.assertOthersGoOn();
    }

    private void assertOpen(TestClient client) {
        assertThat(connectionOf(client).isOpen()).as("the connection is open").isTrue();
        assertThat(scene.count(Counter.WRITE_TIMEOUTS)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void socket_takesNothingFor15Seconds_closedAndWillPublished(int qos) {
        TestClient watcher = scene.client("watcher").subscribed("will", 0);
        TestClient stalled = TestClient.connect(
                        scene.connection(), c -> c.clientId("stalled").will("will", "gone", 0, false))
                .expectConnack(0, false)
                .subscribed("t", qos);
        connectionOf(stalled).setWritable(false);
        publisher.published("t", "x", qos);
        scene.advanceSeconds(14.9);
        assertOpen(stalled);
        publisher.published("t", "y", qos);
        watcher.expectNothing();

        scene.advanceSeconds(1.2);
        assertClosedByTheTimeout(stalled);
        watcher.expectPublish("will", "gone");
    }

    @Test
    void persistentSession_socketTakesNothing_nothingIsLost() {
        TestClient stalled = scene.persistent("stalled").subscribed("t", 1);
        connectionOf(stalled).setWritable(false);
        for (int i = 0; i < 50; i++) {
            publisher.published("t", "" + i, 1);
        }
        publisher.published("t", "50", 0);
        scene.advanceSeconds(16.1);
        assertClosedByTheTimeout(stalled);

        TestClient back = scene.resumed("stalled");
        for (int i = 0; i < 50; i++) {
            back.puback(back.expectPublish("t", "" + i, 1).packetId());
        }
        back.expectNothing();
    }

    @Test
    void socket_takesSomethingInBetween_timeBeginsAnew() {
        TestClient stalled = scene.client("stalled").subscribed("t", 0);
        for (int round = 0; round < 3; round++) {
            connectionOf(stalled).setWritable(false);
            publisher.publish("t", "x");
            scene.advanceSeconds(14.5);
            connectionOf(stalled).setWritable(true);
            stalled.expectPublish("t", "x");
        }
        connectionOf(stalled).setWritable(false);
        publisher.publish("t", "x");
        scene.advanceSeconds(14.9);
        assertOpen(stalled);
        scene.advanceSeconds(1.2);
        assertClosedByTheTimeout(stalled);
    }

    @Test
    void socket_takesEverythingLate_staysOpen() {
        TestClient slow = scene.client("slow").subscribed("t", 0);
        connectionOf(slow).setWritable(false);
        publisher.publish("t", "x");
        scene.advanceSeconds(14.9);
        connectionOf(slow).setWritable(true);
        slow.expectPublish("t", "x");

        scene.advanceSeconds(120);
        assertOpen(slow);
        publisher.publish("t", "y");
        slow.expectPublish("t", "y");
    }

    @Test
    void socket_isFullOfTheLastBytes_closedThoughNothingElseWaits() {
        TestClient stalled = scene.client("stalled").subscribed("t", 0);
        connectionOf(stalled).setCapacity(1_000);
        publisher.publish("t", "x".repeat(2_000));
        assertThat(connectionOf(stalled).available()).isGreaterThan(2_000);

        scene.advanceSeconds(16.1);
        assertClosedByTheTimeout(stalled);
    }

    @Test
    void slowReader_makesRoomNowAndThen_staysOpen() {
        TestClient slow = scene.client("slow").subscribed("t", 1).acknowledgeAll();
        connectionOf(slow).setCapacity(1_000);
        for (int i = 0; i < 30; i++) {
            publisher.published("t", "x".repeat(900), 1).published("t", "x".repeat(900), 1);
            scene.advanceSeconds(10);
            assertThat(slow.drain()).isNotEmpty();
        }
        assertOpen(slow);
    }

    @Test
    void stalledSocket_keepAliveStillCounts() {
        TestClient stalled = TestClient.connect(
                        scene.connection(), c -> c.clientId("stalled").keepAlive(4))
                .expectConnack(0, false)
                .subscribed("t", 0);
        connectionOf(stalled).setWritable(false);
        publisher.publish("t", "x");

        scene.advanceSeconds(7.1);
        assertThat(connectionOf(stalled).isOpen()).isFalse();
        assertThat(scene.count(Counter.KEEP_ALIVE_TIMEOUTS)).isEqualTo(1);
        assertThat(scene.count(Counter.WRITE_TIMEOUTS)).isZero();
    }

    @Test
    void writeTimeout_another_counts() {
        try (Scene other = Scene.limited(l -> l.withWriteTimeout(Duration.ofSeconds(2)))) {
            TestClient stalled = other.client("stalled").subscribed("t", 0);
            connectionOf(stalled).setWritable(false);
            other.client("publisher").publish("t", "x");
            other.advanceSeconds(1.9);
            assertThat(connectionOf(stalled).isOpen()).isTrue();
            other.advanceSeconds(1.2);
            assertThat(connectionOf(stalled).isOpen()).isFalse();
        }
    }
}
