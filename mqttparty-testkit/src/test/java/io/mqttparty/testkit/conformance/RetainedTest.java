package io.mqttparty.testkit.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.testkit.ServerPacket;
import io.mqttparty.testkit.TestBroker;
import io.mqttparty.testkit.TestClient;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 3.3.1.3. */
final class RetainedTest {
    @AutoClose
    private final TestBroker broker = TestBroker.start();

    private TestClient publisher;

    @BeforeEach
    void connect() {
        publisher = broker.client("publisher");
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 0", "1, 0, 0", "1, 1, 1", "1, 2, 1", "2, 1, 1", "2, 2, 2", "0, 2, 0"})
    @Tag("MQTT-3.3.1-5")
    @Tag("MQTT-3.3.1-8")
    void retained_isStoredWithItsQosAndSentToANewSubscription(int published, int granted, int delivered) {
        retain("t", "kept", published);

        for (TestClient client : List.of(broker.client("clean"), broker.persistent("persistent"))) {
            client.subscribed("t", granted);
            ServerPacket.Publish came = client.expectPublish("t", "kept", delivered);
            assertThat(came.retain()).isTrue();
            assertThat(came.dup()).isFalse();
            client.expectNothing();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("MQTT-3.3.1-6")
    void newSubscription_getsTheLastOfEachMatchingTopic(boolean cleanSession) {
        retain("t/a", "1", 1);
        retain("t/a", "2", 1);
        retain("t/b", "3", 1);
        retain("t/b/c", "4", 1);
        retain("other", "5", 1);
        retain("$t/a", "6", 1);

        TestClient client = broker.connect(c -> c.clientId("c").cleanSession(cleanSession))
                .expectConnack(0, false)
                .subscribed("t/#", 1);

        assertThat(client.drain())
                .extracting(each -> ((ServerPacket.Publish) each).text())
                .containsExactlyInAnyOrder("2", "3", "4");
    }

    @Test
    @Tag("MQTT-3.3.1-6")
    void newSubscriptionAtTheFirstLevel_doesNotGetDollarTopics() {
        retain("t", "1", 0);
        retain("$t", "2", 0);

        TestClient client = broker.client("c").subscribed("#", 0);
        client.expectPublish("t", "1");
        client.expectNothing();
        client.subscribed("$t", 0).expectPublish("$t", "2");
    }

    @Test
    @Tag("MQTT-3.3.1-7")
    void retained_atQos0_replacesTheEarlierOne() {
        retain("t", "1", 2);
        retain("t", "2", 0);

        TestClient client = broker.client("c").subscribed("t", 2);

        client.expectPublish("t", "2", 0);
        client.expectNothing();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    @Tag("MQTT-3.3.1-9")
    void retained_forwardedLive_hasNoRetainFlag(int qos) {
        TestClient clean = broker.client("clean").subscribed("t", 2);
        TestClient persistent = broker.persistent("persistent").subscribed("t", 2);

        retain("t", "live", qos);

        assertThat(clean.expectPublish("t", "live", qos).retain()).isFalse();
        assertThat(persistent.expectPublish("t", "live", qos).retain()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    @Tag("MQTT-3.3.1-10")
    @Tag("MQTT-3.3.1-11")
    void retained_empty_isForwardedAndRemovesTheEarlierOne(int qos) {
        retain("t", "kept", 1);
        TestClient live = broker.client("live").subscribed("t", 2);
        live.puback(live.expectPublish("t", "kept", 1).packetId());

        retain("t", "", qos);

        assertThat(live.expectPublish("t", "", qos).retain()).isFalse();
        broker.client("later").subscribed("t", 2).expectNothing();
    }

    @Test
    @Tag("MQTT-3.3.1-11")
    void retained_emptyWhereNothingWas_isNotStored() {
        retain("t", "", 1);

        broker.client("later").subscribed("#", 2).expectNothing();
    }

    @ParameterizedTest
    @ValueSource(strings = {"new", ""})
    @Tag("MQTT-3.3.1-12")
    void notRetained_neitherStoresNorRemoves(String payload) {
        publisher.published("u", payload, 1);
        broker.client("first").subscribed("u", 1).expectNothing();
        retain("t", "kept", 1);

        publisher.published("t", payload, 1);

        TestClient later = broker.client("later").subscribed("t", 1);
        later.expectPublish("t", "kept", 1);
        later.expectNothing();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("MQTT-3.1.2-7")
    void retained_outlivesTheSessionOfItsPublisher(boolean lost) {
        retain("t", "kept", 1);
        if (lost) {
            broker.lose(publisher);
        } else {
            publisher.disconnect().expectClosed();
        }

        broker.client("later").subscribed("t", 1).expectPublish("t", "kept", 1);
    }

    @Test
    @Tag("MQTT-3.3.1-6")
    void sharedSubscription_getsNoRetained() {
        retain("t", "kept", 1);

        broker.client("c").subscribed("$share/g/t", 1).expectNothing();
    }

    @Test
    @Tag("MQTT-3.3.1-8")
    @Tag("MQTT-4.4.0-1")
    void retained_unacknowledged_isSentAgainWithItsRetainFlag() {
        retain("t", "kept", 1);
        TestClient client = broker.persistent("c").subscribed("t", 1);
        ServerPacket.Publish first = client.expectPublish("t", "kept", 1);
        broker.lose(client);

        ServerPacket.Publish second = broker.resumed("c").expectPublish("t", "kept", 1);

        assertThat(second.retain()).isTrue();
        assertThat(second.dup()).isTrue();
        assertThat(second.packetId()).isEqualTo(first.packetId());
    }

    private void retain(String topic, String payload, int qos) {
        int id = qos == 0 ? 0 : publisher.nextPacketId();
        publisher.publish(topic, payload, qos, true, id, false);
        if (qos == 1) {
            publisher.expectPuback(id);
        } else if (qos == 2) {
            publisher.expectPubrec(id).pubrel(id).expectPubcomp(id);
        }
    }
}
