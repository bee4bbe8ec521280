package io.mqttparty.testkit.conformance;

import static io.mqttparty.testkit.Packets.concat;
import static io.mqttparty.testkit.Packets.publish;
import static io.mqttparty.testkit.Packets.pubrec;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.MqttPartyBuilder;
import io.mqttparty.model.Limits;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.spi.Counter;
import io.mqttparty.testkit.ControlledUpstream;
import io.mqttparty.testkit.ServerPacket;
import io.mqttparty.testkit.TestBroker;
import io.mqttparty.testkit.TestClient;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 4.3.3, in both directions, for transient and persistent sessions. */
final class Qos2Test {
    private final ControlledUpstream upstream = new ControlledUpstream();

    @AutoClose
    private final TestBroker broker = TestBroker.start(this::configure);

    private void configure(MqttPartyBuilder builder) {
        builder.allowAnonymous()
                .upstream(TopicFilter.of("up/#"), upstream)
                .limits(Limits.DEFAULTS.withReceiveMaximum(3).withInboundQos2(4));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("MQTT-4.3.3-1")
    void sender_carriesTheExchangeToItsEnd(boolean cleanSession) {
        TestClient receiver = client("r", cleanSession).subscribed("t", 2);
        broker.client("p").published("t", "x", 2);

        ServerPacket.Publish came = receiver.expectPublish("t", "x", 2);
        assertThat(came.dup()).isFalse();
        receiver.expectNothing();
        receiver.pubrec(came.packetId()).expectPubrel(came.packetId()).expectNothing();
        receiver.pubcomp(came.packetId()).expectNothing();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("MQTT-4.3.3-1")
    void sender_beforePubcomp_keepsTheIdInUse(boolean cleanSession) {
        TestClient receiver = client("r", cleanSession).subscribed("t", 2);
        TestClient publisher = broker.client("p");
        for (int i = 1; i <= 5; i++) {
            publisher.published("t", "m" + i, 2);
        }
        int first = receiver.expectPublish("t", "m1", 2).packetId();
        receiver.expectPublish("t", "m2", 2);
        receiver.expectPublish("t", "m3", 2);

        receiver.pubrec(first).expectPubrel(first).expectNothing(); // still three exchanges that are open
        receiver.pubcomp(first).expectPublish("t", "m4", 2);

        receiver.expectNothing();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("MQTT-4.3.3-1")
    void sender_pubrecAgain_isAnsweredWithPubrelAgain(boolean cleanSession) {
        TestClient receiver = client("r", cleanSession).subscribed("t", 2);
        broker.client("p").published("t", "x", 2);
        int id = receiver.expectPublish("t", "x", 2).packetId();

        receiver.pubrec(id).expectPubrel(id);
        receiver.pubrec(id).expectPubrel(id);
        receiver.pubcomp(id).expectNothing();
        receiver.pubrec(id).expectPubrel(id); // it may not have seen that the exchange is over
        receiver.pubcomp(id).expectNothing();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("MQTT-4.6.0-4")
    void sender_pubrels_leaveInTheOrderOfThePubrecs(boolean cleanSession) {
        TestClient receiver = client("r", cleanSession).subscribed("t", 2);
        broker.client("p").published("t", "1", 2).published("t", "2", 2).published("t", "3", 2);
        int first = receiver.expectPublish("t", "1", 2).packetId();
        int second = receiver.expectPublish("t", "2", 2).packetId();
        int third = receiver.expectPublish("t", "3", 2).packetId();

        receiver.sendRaw(concat(pubrec(third), pubrec(first), pubrec(second)));

        receiver.expectPubrel(third).expectPubrel(first).expectPubrel(second);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("MQTT-4.3.3-2")
    @Tag("MQTT-2.3.1-3")
    void receiver_publishAgainBeforePubrel_isAnsweredAndNotDeliveredAgain(boolean cleanSession) {
        TestClient receiver = broker.client("r").subscribed("t", 2);
        TestClient publisher = client("p", cleanSession);

        publisher.publish("t", "x", 2, 9).expectPubrec(9);
        publisher.sendRaw(publish("t", "x", 2, false, 9, true)).expectPubrec(9);
        publisher.sendRaw(publish("t", "x", 2, false, 9, true)).expectPubrec(9);
        publisher.pubrel(9).expectPubcomp(9).expectNothing();

        receiver.expectPublish("t", "x", 2);
        receiver.expectNothing();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("MQTT-4.3.3-2")
    void receiver_sameIdAfterPubrel_isANewMessage(boolean cleanSession) {
        TestClient receiver = broker.client("r").subscribed("t", 2);
        TestClient publisher = client("p", cleanSession);

        publisher.publish("t", "1", 2, 9).expectPubrec(9).pubrel(9).expectPubcomp(9);
        publisher.publish("t", "2", 2, 9).expectPubrec(9).pubrel(9).expectPubcomp(9);

        receiver.expectPublish("t", "1", 2);
        receiver.expectPublish("t", "2", 2);
        receiver.expectNothing();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("MQTT-4.3.3-2")
    void receiver_acknowledgesOnlyWhenEveryLegHasIt(boolean cleanSession) {
        TestClient publisher = client("p", cleanSession);

        publisher.publish("up/a", "x", 2, 9).expectNothing();
        upstream.take();

        publisher.expectPubrec(9).expectNothing();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("MQTT-4.3.3-2")
    void receiver_failedLeg_meansNoPubrecAndTheEndOfTheConnection(boolean cleanSession) {
        TestClient publisher = client("p", cleanSession);
        publisher.publish("up/a", "x", 2, 9).expectNothing();

        upstream.calls().fail(new IllegalStateException("the backend is down"));

        publisher.expectClosed();
        assertThat(broker.count(Counter.PUBLISHES_FAILED)).isOne();
        broker.assertServes();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("MQTT-4.6.0-3")
    void pubrecs_leaveInTheOrderOfThePublishes(boolean cleanSession) {
        TestClient publisher = client("p", cleanSession);
        publisher.publish("up/a", "1", 2, 30).publish("t", "2", 2, 20).publish("up/b", "3", 2, 10);
        publisher.expectNothing();

        upstream.calls().pending().get(1).answer(ControlledUpstream.Answer.TAKEN);
        publisher.expectNothing();
        upstream.take();

        publisher.expectPubrec(30).expectPubrec(20).expectPubrec(10);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void pubrel_ofAnUnknownId_isAnswered(boolean cleanSession) {
        client("c", cleanSession).pubrel(77).expectPubcomp(77).expectNothing();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void exchanges_beyondTheLimit_close(boolean cleanSession) {
        TestClient publisher = client("p", cleanSession);
        for (int id = 1; id <= 4; id++) {
            publisher.publish("t", "x", 2, id).expectPubrec(id);
        }
        publisher.sendRaw(publish("t", "x", 2, false, 4, true)).expectPubrec(4);

        broker.assertBroken(publisher.publish("t", "x", 2, 5), Counter.PROTOCOL_VIOLATIONS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("MQTT-4.8.0-1")
    void puback_forADeliveryAtQos2_closes(boolean cleanSession) {
        TestClient receiver = client("r", cleanSession).subscribed("t", 2);
        broker.client("p").published("t", "x", 2);
        int id = receiver.expectPublish("t", "x", 2).packetId();

        broker.assertBroken(receiver.puback(id), Counter.PROTOCOL_VIOLATIONS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("MQTT-4.8.0-1")
    void pubcomp_beforePubrel_closes(boolean cleanSession) {
        TestClient receiver = client("r", cleanSession).subscribed("t", 2);
        broker.client("p").published("t", "x", 2);
        int id = receiver.expectPublish("t", "x", 2).packetId();

        broker.assertBroken(receiver.pubcomp(id), Counter.PROTOCOL_VIOLATIONS);
    }

    private TestClient client(String id, boolean cleanSession) {
        return broker.connect(c -> c.clientId(id).cleanSession(cleanSession)).expectConnack(0, false);
    }
}
