package io.mqttparty.testkit.robustness;

import static io.mqttparty.testkit.robustness.Scene.connectionOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.spi.Counter;
import io.mqttparty.testkit.LoopbackConnection;
import io.mqttparty.testkit.ServerPacket;
import io.mqttparty.testkit.TestClient;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom a subscriber with a deep queue holds back, and for how long: who is slow holds on and on, who is stuck holds nobody. */
class CongestionTest {
    private static final int QUEUE = 20;

    @AutoClose
    private final Scene scene = Scene.limited(l -> l.withReceiveMaximum(1).withQueueMessages(QUEUE));

    private int packetId;

    private TestClient client(String id, boolean persistent) {
        return persistent ? scene.persistent(id) : scene.client(id);
    }

    /** Publishes until the broker does not read any more; how many it has read. */
    private int publishUntilHeld(TestClient publisher, int qos) {
        LoopbackConnection connection = connectionOf(publisher);
        int sent = 0;
        while (connection.isBrokerReading()) {
            assertThat(++sent).as("published without being held").isLessThan(QUEUE);
            publisher.publish("t", "" + sent, qos, ++packetId);
        }
        return sent;
    }

    private boolean isHeld(TestClient publisher) {
        return !connectionOf(publisher).isBrokerReading();
    }

    private static void takeOne(TestClient subscriber) {
        subscriber.puback(subscriber.expect(ServerPacket.Publish.class).packetId());
    }

    @ParameterizedTest
    @CsvSource({
        "t, false, 1, false", "t, false, 1, true", "t, false, 2, false", "t, false, 2, true",
        "t, true, 1, false", "t, true, 1, true", "t, true, 2, false", "t, true, 2, true",
        "$share/g/t, false, 1, false", "$share/g/t, false, 1, true", "$share/g/t, false, 2, false",
                "$share/g/t, false, 2, true",
        "$share/g/t, true, 1, false", "$share/g/t, true, 1, true", "$share/g/t, true, 2, false",
                "$share/g/t, true, 2, true"
    })
    void subscriber_halfFull_publisherHeldUntilItIsAQuarterFull(
            String filter, boolean subscriberPersistent, int qos, boolean publisherPersistent) {
        TestClient slow = client("slow", subscriberPersistent).subscribed(filter, 1);
        TestClient publisher = client("publisher", publisherPersistent);

        int sent = publishUntilHeld(publisher, qos);

        assertThat(sent).isBetween(QUEUE / 2, QUEUE / 2 + 4);
        assertThat(scene.count(Counter.PUBLISHERS_HELD)).isEqualTo(1);
        int taken = 0;
        while (isHeld(publisher)) {
            assertThat(++taken).isLessThan(sent);
            takeOne(slow);
        }
        assertThat(sent - taken).as("what still waits").isBetween(QUEUE / 4 - 1, QUEUE / 4 + 2);
        scene.assertOthersGoOn();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void slowSubscriber_takesOneASecond_itsPublisherIsHeldAgainEachTime(boolean persistent) {
        TestClient slow = client("slow", persistent).subscribed("t", 1);
        TestClient publisher = scene.client("publisher");
        int sent = publishUntilHeld(publisher, 1);
        for (int second = 1; second <= 40; second++) {
            scene.advanceSeconds(0.5);
            assertThat(isHeld(publisher)).as("second %d", second).isTrue();
            takeOne(slow);
            scene.advanceSeconds(0.6);
            assertThat(isHeld(publisher)).as("released after a second").isFalse();

            assertThat(publishUntilHeld(publisher, 1)).isEqualTo(1);
            sent++;
        }
        assertThat(scene.count(Counter.PUBLISHERS_HELD)).isEqualTo(41);

        slow.acknowledgeAll();
        assertThat(slow.drain()).hasSize(sent - 40);
        slow.expectNothing();
    }

    @Test
    void stuckSubscriber_holdsNobodyFor30SecondsThoughItTakesSomethingThen() {
        TestClient stuck = scene.persistent("stuck").subscribed("t", 1);
        TestClient publisher = scene.client("publisher");
        int sent = publishUntilHeld(publisher, 1);
        scene.advanceSeconds(1.1);
        assertThat(isHeld(publisher)).isFalse();

        for (int second = 0; second < 29; second += 2) {
            publisher.publish("t", "" + ++sent, 1, ++packetId);
            assertThat(isHeld(publisher)).as("second %d", second).isFalse();
            takeOne(stuck);
            scene.advanceSeconds(2);
        }
        publisher.publish("t", "" + ++sent, 1, ++packetId).publish("t", "" + ++sent, 1, ++packetId);
        assertThat(isHeld(publisher)).as("it counts again").isTrue();
    }

    @Test
    void stuckSubscriber_holdsNoOtherPublisherEither() {
        scene.client("stuck").subscribed("t", 1);
        TestClient first = scene.client("first");
        publishUntilHeld(first, 1);
        scene.advanceSeconds(1.1);

        TestClient second = scene.client("second").published("t", "x", 1).published("t", "x", 1);
        assertThat(isHeld(second)).isFalse();
        assertThat(scene.count(Counter.PUBLISHERS_HELD)).isEqualTo(1);
    }

    @Test
    void qos0_toACongestedSubscriber_holdsNobody() {
        scene.client("slow").subscribed("t", 1);
        publishUntilHeld(scene.client("publisher"), 1);

        TestClient other = scene.client("other").publish("t", "x").publish("t", "x");
        assertThat(isHeld(other)).isFalse();
    }
}
