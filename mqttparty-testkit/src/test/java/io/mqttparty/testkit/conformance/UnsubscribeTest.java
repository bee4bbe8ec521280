package io.mqttparty.testkit.conformance;

import static io.mqttparty.testkit.Packets.packet;
import static io.mqttparty.testkit.Packets.uint16;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.Limits;
import io.mqttparty.spi.Counter;
import io.mqttparty.testkit.TestBroker;
import io.mqttparty.testkit.TestClient;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sections 3.10 and 3.11. */
final class UnsubscribeTest {
    @AutoClose
    private final TestBroker broker =
            TestBroker.start(b -> b.allowAnonymous().limits(Limits.DEFAULTS.withReceiveMaximum(2)));

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("MQTT-3.10.4-2")
    @Tag("MQTT-3.10.4-4")
    void unsubscribe_addsNoMessageAnyMore(boolean cleanSession) {
        TestClient client = client(cleanSession).subscribed("t", 1).subscribed("other", 1);

        client.unsubscribe(9, "t").expectUnsuback(9);
        broker.client("p").published("t", "1", 1).published("t", "2", 0).published("other", "3", 1);

        client.expectPublish("other", "3", 1);
        client.expectNothing();
    }

    @Test
    @Tag("MQTT-3.10.4-2")
    void unsubscribe_addsNoMessageWhileOffline() {
        TestClient client = broker.persistent("c").subscribed("t", 1).subscribed("u", 1);
        client.unsubscribe(9, "t").expectUnsuback(9).disconnect().expectClosed();

        broker.client("p").published("t", "1", 1).published("u", "2", 1);

        TestClient again = broker.resumed("c");
        again.expectPublish("u", "2", 1);
        again.expectNothing();
    }

    @ParameterizedTest
    @CsvSource({"t/+, t/a", "t/#, t/a", "+, t", "T, t", "t/, t", "/t, t", "t, t/+", "\u00E9, e\u0301"})
    @Tag("MQTT-3.10.4-1")
    @Tag("MQTT-3.10.4-5")
    @Tag("MQTT-4.7.3-4")
    void unsubscribe_ofAnotherFilterThatWouldMatch_changesNothing(String unsubscribed, String subscribed) {
        TestClient clean = client(true).subscribed(subscribed, 0);
        TestClient persistent = client(false).subscribed(subscribed, 0);
        String topic = subscribed.replace('+', 'x');

        clean.unsubscribe(9, unsubscribed).expectUnsuback(9);
        persistent.unsubscribe(9, unsubscribed).expectUnsuback(9);
        broker.client("p").published(topic, "x", 0);

        clean.expectPublish(topic, "x", 0);
        persistent.expectPublish(topic, "x", 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("MQTT-3.10.4-5")
    void unsubscribe_ofNothing_isAnswered(boolean cleanSession) {
        client(cleanSession)
                .unsubscribe(9, "never")
                .expectUnsuback(9)
                .unsubscribe(9, "never", "ever")
                .expectUnsuback(9)
                .expectNothing();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("MQTT-3.10.4-6")
    void filters_inOneUnsubscribe_actAsManyAndGetOneAnswer(boolean cleanSession) {
        TestClient client = client(cleanSession);
        client.subscribe(1, entry("a", 0), entry("b", 0), entry("c", 0)).expectSuback(1, 0, 0, 0);

        client.unsubscribe(2, "a", "never", "c", "a").expectUnsuback(2).expectNothing();

        broker.client("p").published("a", "x", 0).published("b", "x", 0).published("c", "x", 0);
        client.expectPublish("b", "x", 0);
        client.expectNothing();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("MQTT-3.10.4-3")
    void deliveries_thatWereStarted_areFinished(boolean cleanSession) {
        TestClient client = client(cleanSession).subscribed("t", 2);
        broker.client("p").published("t", "1", 2).published("t", "2", 1);
        int first = client.expectPublish("t", "1", 2).packetId();
        int second = client.expectPublish("t", "2", 1).packetId();

        client.unsubscribe(9, "t").expectUnsuback(9);

        client.pubrec(first).expectPubrel(first).pubcomp(first).puback(second).expectNothing();
    }

    @Test
    @Tag("MQTT-3.10.4-3")
    @Tag("MQTT-4.4.0-1")
    void deliveries_thatWereStarted_areFinishedOnTheNextConnection() {
        TestClient client = broker.persistent("c").subscribed("t", 2);
        broker.client("p").published("t", "1", 2);
        int id = client.expectPublish("t", "1", 2).packetId();
        client.unsubscribe(9, "t").expectUnsuback(9);
        broker.lose(client);

        TestClient again = broker.resumed("c");

        assertThat(again.expectPublish("t", "1", 2).packetId()).isEqualTo(id);
        again.pubrec(id).expectPubrel(id).pubcomp(id).expectNothing();
    }

    @Test
    @Tag("MQTT-3.10.3-2")
    void unsubscribe_withoutFilter_closes() {
        broker.assertBroken(broker.client("c").sendRaw(packet(10, 2, uint16(1))), Counter.MALFORMED_PACKETS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a#", "#/a", "a+"})
    @Tag("MQTT-4.7.1-2")
    @Tag("MQTT-4.7.1-3")
    void unsubscribe_ofWhatIsNoFilter_closes(String filter) {
        broker.assertBroken(broker.client("c").unsubscribe(1, filter), Counter.MALFORMED_PACKETS);
    }

    private TestClient client(boolean cleanSession) {
        return cleanSession ? broker.client("clean") : broker.persistent("persistent");
    }
}
