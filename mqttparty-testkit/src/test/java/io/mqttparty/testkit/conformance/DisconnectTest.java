package io.mqttparty.testkit.conformance;

import static io.mqttparty.testkit.Packets.bytes;
import static io.mqttparty.testkit.Packets.concat;
import static io.mqttparty.testkit.Packets.disconnect;
import static io.mqttparty.testkit.Packets.packet;
import static io.mqttparty.testkit.Packets.pingreq;
import static io.mqttparty.testkit.Packets.publish;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.spi.Counter;
import io.mqttparty.testkit.TestBroker;
import io.mqttparty.testkit.TestClient;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Section 3.14. */
final class DisconnectTest {
    @AutoClose
    private final TestBroker broker = TestBroker.start();

    @Test
    @Tag("MQTT-3.14.4-1")
    void disconnect_endsTheConnectionAtOnce() {
        broker.client("c").disconnect().expectClosed();

        assertThat(broker.events().lines()).contains("disconnected c SUCCESS");
        assertThat(broker.broker().connections()).isZero();
    }

    @Test
    @Tag("MQTT-3.14.4-2")
    void packets_behindDisconnect_areNotProcessed() {
        TestClient witness = broker.client("w").subscribed("#", 0);
        TestClient client = broker.client("c");

        client.sendRaw(concat(
                publish("t", "before", 1, false, 1, false),
                disconnect(),
                publish("t", "after", 0, true, 0, false),
                pingreq()));

        client.expectPuback(1).expectClosed();
        witness.expectPublish("t", "before");
        witness.expectNothing();
        assertThat(broker.count(Counter.PROTOCOL_VIOLATIONS)).isZero();
    }

    @Test
    @Tag("MQTT-3.14.1-1")
    void disconnect_withBody_closesAsLost() {
        TestClient witness = broker.client("w").subscribed("will", 0);
        TestClient client = broker.connect(c -> c.clientId("c").will("will", "gone", 0, false))
                .expectConnack(0, false);

        client.sendRaw(packet(14, 0, bytes(0)));

        witness.expectPublish("will", "gone");
        broker.assertBroken(client, Counter.MALFORMED_PACKETS);
    }

    @Test
    @Tag("MQTT-3.14.1-1")
    void disconnect_withReservedFlags_closesAsLost() {
        TestClient witness = broker.client("w").subscribed("will", 0);
        TestClient client = broker.connect(c -> c.clientId("c").will("will", "gone", 0, false))
                .expectConnack(0, false);

        client.sendRaw(packet(14, 1));

        witness.expectPublish("will", "gone");
        broker.assertBroken(client, Counter.MALFORMED_PACKETS);
    }

    @Test
    @Tag("MQTT-3.14.4-3")
    void disconnect_discardsTheWill() {
        TestClient witness = broker.client("w").subscribed("will", 0);

        broker.connect(c -> c.clientId("c").will("will", "gone", 1, true))
                .expectConnack(0, false)
                .disconnect()
                .expectClosed();

        witness.expectNothing();
        broker.client("later").subscribed("will", 0).expectNothing();
        assertThat(broker.count(Counter.WILLS_PUBLISHED)).isZero();
    }

    /** What was received is worked off, though nobody is there any more to hear of it. */
    @ParameterizedTest
    @CsvSource({"0, true", "1, true", "2, true", "1, false", "2, false"})
    @Tag("MQTT-4.5.0-1")
    void publishes_beforeDisconnect_areDelivered(int qos, boolean cleanSession) {
        TestClient live = broker.client("w").subscribed("t", qos);
        TestClient queued = broker.persistent("q").subscribed("t", qos);
        TestClient client =
                broker.connect(c -> c.clientId("c").cleanSession(cleanSession)).expectConnack(0, false);

        client.sendRaw(concat(publish("t", "x", qos, false, 1, false), disconnect()));

        live.expectPublish("t", "x", qos);
        live.expectNothing();
        queued.expectPublish("t", "x", qos);
        queued.expectNothing();
    }
}
