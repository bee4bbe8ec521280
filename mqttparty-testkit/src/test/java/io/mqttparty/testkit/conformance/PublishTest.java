package io.mqttparty.testkit.conformance;

import static io.mqttparty.testkit.Packets.bytes;
import static io.mqttparty.testkit.Packets.hex;
import static io.mqttparty.testkit.Packets.packet;
import static io.mqttparty.testkit.Packets.publish;
import static io.mqttparty.testkit.Packets.string;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.spi.Counter;
import io.mqttparty.spi.DropReason;
import io.mqttparty.testkit.ControlledAuthorizer;
import io.mqttparty.testkit.ControlledAuthorizer.Question.MayPublish;
import io.mqttparty.testkit.ServerPacket;
import io.mqttparty.testkit.TestBroker;
import io.mqttparty.testkit.TestClient;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sections 3.3 and 4.3.1. */
final class PublishTest {
    @AutoClose
    private final TestBroker broker = TestBroker.start();

    @Test
    @Tag("MQTT-3.3.1-2")
    void dup_atQos0_closes() {
        broker.assertBroken(
                broker.client("c").sendRaw(publish("t", "x", 0, false, 0, true)), Counter.MALFORMED_PACKETS);
    }

    @Test
    @Tag("MQTT-3.3.1-2")
    @Tag("MQTT-4.3.1-1")
    void delivery_atQos0_hasQos0AndNoDup() {
        TestClient receiver = broker.client("r").subscribed("t", 0);

        broker.client("p").sendRaw(publish("t", "x", 1, false, 7, true)).expectPuback(7);

        ServerPacket.Publish came = receiver.expectPublish("t", "x", 0);
        assertThat(came.dup()).isFalse();
        receiver.expectNothing();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    @Tag("MQTT-3.3.1-3")
    void dup_ofThePublisher_isNotPassedOn(int qos) {
        TestClient receiver = broker.client("r").subscribed("t", 2);
        TestClient persistent = broker.persistent("q").subscribed("t", 2);

        broker.client("p").sendRaw(publish("t", "x", qos, false, 7, true));

        assertThat(receiver.expectPublish("t", "x", qos).dup()).isFalse();
        assertThat(persistent.expectPublish("t", "x", qos).dup()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0x06, 0x07, 0x0E, 0x0F})
    @Tag("MQTT-3.3.1-4")
    void qos_3_closes(int flags) {
        TestClient client = broker.client("c");

        client.sendRaw(packet(3, flags, string("t"), bytes(0, 1, 65)));

        broker.assertBroken(client, Counter.MALFORMED_PACKETS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"30 00", "30 01 00", "30 03 00 02 61", "32 03 00 01 61", "32 04 00 01 61 00"})
    @Tag("MQTT-3.3.2-1")
    void topicOrPacketId_cutOff_closes(String packet) {
        broker.assertBroken(broker.client("c").sendRaw(hex(packet)), Counter.MALFORMED_PACKETS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"+", "#", "a/+", "a/#", "a+", "a#b", "+/a"})
    @Tag("MQTT-3.3.2-2")
    @Tag("MQTT-4.7.1-1")
    void topicName_withWildcard_closes(String topic) {
        TestClient witness = broker.client("w").subscribed("#", 0);

        TestClient client = broker.client("c").publish(topic, "x");

        witness.expectNothing();
        broker.assertBroken(client, Counter.MALFORMED_PACKETS);
    }

    @ParameterizedTest
    @CsvSource({"a/b, a/b", "a/+, a/b", "a/#, a/b", "#, a/b", "+/b, a/b", "/+, /b"})
    @Tag("MQTT-3.3.2-3")
    void delivery_hasTheTopicOfThePublish(String filter, String topic) {
        TestClient receiver = broker.client("r").subscribed(filter, 1);

        broker.client("p").published(topic, "x", 1).published("other", "y", 1);

        receiver.expectPublish(topic, "x", 1);
        if (!filter.equals("#")) {
            receiver.expectNothing();
        }
    }

    @Test
    @Tag("MQTT-3.3.4-1")
    void publish_isAnsweredByItsQos() {
        TestClient client = broker.client("c");

        client.publish("t", "0").expectNothing();
        client.publish("t", "1", 1, 5).expectPuback(5).expectNothing();
        client.publish("t", "2", 2, 6).expectPubrec(6).expectNothing();
        client.pubrel(6).expectPubcomp(6).expectNothing();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("MQTT-3.3.5-1")
    void overlappingSubscriptions_deliverAtTheHighestQosOnce(boolean cleanSession) {
        TestClient receiver =
                broker.connect(c -> c.clientId("r").cleanSession(cleanSession)).expectConnack(0, false);
        receiver.subscribe(1, entry("t", 0), entry("#", 2), entry("+", 1)).expectSuback(1, 0, 2, 1);

        broker.client("p").published("t", "2", 2).published("t", "1", 1).published("t", "0", 0);

        int id = receiver.expectPublish("t", "2", 2).packetId();
        receiver.expectPublish("t", "1", 1);
        receiver.expectPublish("t", "0", 0);
        receiver.expectNothing();
        receiver.pubrec(id).expectPubrel(id);
    }

    @Test
    @Tag("MQTT-4.5.0-1")
    void publish_reachesEverySessionThatMatches() {
        TestClient transientClient = broker.client("transient").subscribed("t/+", 1);
        TestClient online = broker.persistent("online").subscribed("t/a", 2);
        TestClient publisher = broker.client("p").subscribed("#", 1);
        broker.persistent("offline").subscribed("t/#", 1).disconnect().expectClosed();
        TestClient other = broker.client("other").subscribed("t", 1);

        publisher.published("t/a", "x", 1);

        transientClient.expectPublish("t/a", "x", 1);
        online.expectPublish("t/a", "x", 1);
        publisher.expectPublish("t/a", "x", 1);
        broker.resumed("offline").expectPublish("t/a", "x", 1);
        other.expectNothing();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    @Tag("MQTT-3.3.5-2")
    void publish_notAuthorised_isAnsweredAsUsualAndGoesNowhere(int qos) {
        ControlledAuthorizer authorizer = new ControlledAuthorizer();
        authorizer
                .calls()
                .answerEach(q ->
                        !(q instanceof MayPublish that) || !that.topic().value().equals("secret"));
        try (TestBroker guarded = TestBroker.start(b -> b.allowAnonymous().authorizer(authorizer))) {
            TestClient receiver = guarded.client("r").subscribed("#", 2);

            guarded.client("p").published("secret", "x", qos).published("open", "y", qos);

            receiver.expectPublish("open", "y", qos);
            receiver.expectNothing();
            assertThat(guarded.broker().count(DropReason.NOT_AUTHORIZED_TO_PUBLISH))
                    .isOne();
        }
    }

    @Test
    void payload_empty_isDelivered() {
        TestClient receiver = broker.client("r").subscribed("t", 2);

        broker.client("p").published("t", "", 0).published("t", "", 1);

        receiver.expectPublish("t", "", 0);
        receiver.expectPublish("t", "", 1);
    }
}
