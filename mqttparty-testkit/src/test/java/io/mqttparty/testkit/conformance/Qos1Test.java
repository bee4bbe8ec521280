package io.mqttparty.testkit.conformance;

import static io.mqttparty.testkit.Packets.publish;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.MqttPartyBuilder;
import io.mqttparty.model.Limits;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.spi.Counter;
import io.mqttparty.testkit.ControlledUpstream;
import io.mqttparty.testkit.ServerPacket;
import io.mqttparty.testkit.TestBroker;
import io.mqttparty.testkit.TestClient;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 4.3.2, in both directions. */
final class Qos1Test {
    private final ControlledUpstream upstream = new ControlledUpstream();

    @AutoClose
    private final TestBroker broker = TestBroker.start(this::configure);

    private void configure(MqttPartyBuilder builder) {
        builder.allowAnonymous()
                .upstream(TopicFilter.of("up/#"), upstream)
                .limits(Limits.DEFAULTS.withReceiveMaximum(3));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("MQTT-4.3.2-1")
    void sender_firstDelivery_hasUnusedIdAndNoDup(boolean cleanSession) {
        TestClient receiver = receiver(cleanSession);
        broker.client("p").published("t", "1", 1).published("t", "2", 1);

        ServerPacket.Publish first = receiver.expectPublish("t", "1", 1);
        ServerPacket.Publish second = receiver.expectPublish("t", "2", 1);

        assertThat(first.dup()).isFalse();
        assertThat(second.dup()).isFalse();
        assertThat(first.packetId()).isNotEqualTo(second.packetId());
        receiver.puback(first.packetId()).puback(second.packetId()).expectNothing();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("MQTT-4.3.2-1")
    void sender_unacknowledged_keepsTheDeliveryOpenUntilPuback(boolean cleanSession) {
        TestClient receiver = receiver(cleanSession);
        TestClient publisher = broker.client("p");
        IntStream.rangeClosed(1, 5).forEach(i -> publisher.published("t", "m" + i, 1));

        int first = receiver.expectPublish("t", "m1", 1).packetId();
        int second = receiver.expectPublish("t", "m2", 1).packetId();
        receiver.expectPublish("t", "m3", 1);
        receiver.expectNothing(); // three are open, as many as the limit allows

        receiver.puback(second).expectPublish("t", "m4", 1);
        receiver.expectNothing();
        receiver.puback(first).expectPublish("t", "m5", 1);
        receiver.expectNothing();
    }

    @Test
    @Tag("MQTT-4.3.2-1")
    void sender_deliversNothingTwiceOnOneConnection() {
        TestClient receiver = receiver(true);
        broker.client("p").published("t", "x", 1);
        receiver.expectPublish("t", "x", 1);

        broker.advance(Duration.ofMinutes(10));

        receiver.expectNothing();
    }

    @Test
    @Tag("MQTT-4.3.2-2")
    void receiver_acknowledgesOnlyWhenEveryLegHasIt() {
        TestClient publisher = broker.client("p");

        publisher.publish("up/a", "x", 1, 9).expectNothing();
        upstream.take();

        publisher.expectPuback(9).expectNothing();
    }

    @Test
    @Tag("MQTT-4.3.2-2")
    void receiver_failedLeg_meansNoPubackAndTheEndOfTheConnection() {
        TestClient publisher = broker.client("p");
        publisher.publish("up/a", "x", 1, 9).publish("t", "later", 1, 10).expectNothing();

        upstream.calls().fail(new IllegalStateException("the backend is down"));

        publisher.expectClosed();
        assertThat(broker.count(Counter.PUBLISHES_FAILED)).isOne();
        broker.assertServes();
    }

    @Test
    @Tag("MQTT-4.3.2-2")
    void receiver_sameIdAfterPuback_isANewMessage() {
        TestClient receiver = broker.client("r").subscribed("t", 1);
        TestClient publisher = broker.client("p");

        publisher.publish("t", "1", 1, 9).expectPuback(9);
        publisher.publish("t", "2", 1, 9).expectPuback(9);
        publisher.sendRaw(publish("t", "2", 1, false, 9, true)).expectPuback(9); // whatever DUP says

        receiver.expectPublish("t", "1", 1);
        receiver.expectPublish("t", "2", 1);
        receiver.expectPublish("t", "2", 1);
        receiver.expectNothing();
    }

    @Test
    @Tag("MQTT-4.6.0-2")
    void pubacks_leaveInTheOrderOfThePublishes() {
        TestClient publisher = broker.client("p");
        publisher.publish("up/a", "1", 1, 30).publish("t", "2", 1, 20).publish("up/b", "3", 1, 10);
        publisher.publish("t", "4", 1, 5).expectNothing();

        upstream.calls().pending().get(1).answer(ControlledUpstream.Answer.TAKEN);
        publisher.expectNothing();
        upstream.take();

        publisher.expectPuback(30).expectPuback(20).expectPuback(10).expectPuback(5);
    }

    @Test
    @Tag("MQTT-4.8.0-1")
    void puback_whenNothingWasEverDelivered_closes() {
        broker.assertBroken(broker.client("c").puback(1), Counter.PROTOCOL_VIOLATIONS);
    }

    @Test
    @Tag("MQTT-4.8.0-1")
    void pubrec_forADeliveryAtQos1_closes() {
        TestClient receiver = receiver(true);
        broker.client("p").published("t", "x", 1);
        int id = receiver.expectPublish("t", "x", 1).packetId();

        broker.assertBroken(receiver.pubrec(id), Counter.PROTOCOL_VIOLATIONS);
    }

    @Test
    void puback_twice_changesNothing() {
        TestClient receiver = receiver(true);
        TestClient publisher = broker.client("p").published("t", "1", 1);
        int id = receiver.expectPublish("t", "1", 1).packetId();

        receiver.puback(id).puback(id).expectNothing();

        publisher.published("t", "2", 1);
        receiver.expectPublish("t", "2", 1);
    }

    private TestClient receiver(boolean cleanSession) {
        return broker.connect(c -> c.clientId("r").cleanSession(cleanSession))
                .expectConnack(0, false)
                .subscribed("t", 1);
    }
}
