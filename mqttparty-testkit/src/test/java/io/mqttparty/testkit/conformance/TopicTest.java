package io.mqttparty.testkit.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.Limits;
import io.mqttparty.spi.Counter;
import io.mqttparty.spi.DropReason;
import io.mqttparty.testkit.TestBroker;
import io.mqttparty.testkit.TestClient;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 4.7, over the wire. */
final class TopicTest {
    @AutoClose
    private final TestBroker broker = TestBroker.start();

    @ParameterizedTest
    @CsvSource({
        "sport/tennis/player1/#, sport/tennis/player1",
        "sport/tennis/player1/#, sport/tennis/player1/ranking",
        "sport/tennis/player1/#, sport/tennis/player1/score/wimbledon",
        "sport/#, sport",
        "#, a/b/c",
        "sport/tennis/+, sport/tennis/player1",
        "sport/+, sport/",
        "+/+, /finance",
        "/+, /finance",
        "+/tennis/#, sport/tennis",
        "a//b, a//b",
        "a/+/b, a//b",
        "$SOME/#, $SOME/a",
        "$SOME/+, $SOME/a",
        "a/$b, a/$b",
        "a/+, a/$b"
    })
    @Tag("MQTT-3.3.2-3")
    @Tag("MQTT-4.7.1-2")
    @Tag("MQTT-4.7.1-3")
    void filter_thatMatches_getsTheMessage(String filter, String topic) {
        TestClient receiver = broker.client("r").subscribed(filter, 0);

        broker.client("p").publish(topic, "x");

        receiver.expectPublish(topic, "x");
        receiver.expectNothing();
    }

    @ParameterizedTest
    @CsvSource({
        "sport/tennis/+, sport/tennis/player1/ranking",
        "sport/+, sport",
        "+, /finance",
        "a/b, a/b/",
        "a/b, /a/b",
        "a/#, b",
        "a/+/b, a/b",
        "sport/tennis/player1/#, sport/tennis/player10"
    })
    @Tag("MQTT-3.3.2-3")
    void filter_thatDoesNotMatch_getsNothing(String filter, String topic) {
        TestClient receiver = broker.client("r").subscribed(filter, 0);

        broker.client("p").publish(topic, "x");

        receiver.expectNothing();
    }

    @ParameterizedTest
    @ValueSource(strings = {"#", "+/a", "+/#", "+/+"})
    @Tag("MQTT-4.7.2-1")
    void filter_thatBeginsWithAWildcard_doesNotMatchDollarTopics(String filter) {
        TestClient clean = broker.client("r").subscribed(filter, 0);
        TestClient persistent = broker.persistent("q").subscribed(filter, 1);

        broker.client("p").published("$SOME/a", "x", 1);

        clean.expectNothing();
        persistent.expectNothing();
    }

    @Test
    void topicOfTheBroker_publishedByAClient_isAnsweredAndGoesNowhere() {
        TestClient receiver = broker.client("r").subscribed("$SYS/#", 0);

        broker.client("p").published("$SYS/uptime", "x", 1).published("$SYS", "x", 2);

        receiver.expectNothing();
        assertThat(broker.broker().count(DropReason.RESERVED_TOPIC)).isEqualTo(2);
    }

    @Test
    @Tag("MQTT-4.7.3-1")
    void topicName_empty_closes() {
        broker.assertBroken(broker.client("c").publish("", "x"), Counter.MALFORMED_PACKETS);
    }

    @Test
    @Tag("MQTT-4.7.3-1")
    void topicFilter_empty_closes() {
        broker.assertBroken(broker.client("c").subscribe(1, "", 0), Counter.MALFORMED_PACKETS);
    }

    @Test
    @Tag("MQTT-4.7.3-3")
    void topic_of65535Bytes_comesThroughWhereTheLimitAllows() {
        Limits limits = Limits.DEFAULTS.withTopicBytes(65_535).withTopicSeparators(65_535);
        try (TestBroker large = TestBroker.start(b -> b.allowAnonymous().limits(limits))) {
            String flat = "\u6C34".repeat(65_535 / 3);
            String deep = "/".repeat(65_535);
            TestClient client = large.client("c").subscribed(flat, 0).subscribed(deep, 0);

            client.publish(flat, "x").publish(deep, "y");

            client.expectPublish(flat, "x");
            client.expectPublish(deep, "y");
        }
    }

    @Test
    @Tag("MQTT-4.7.3-3")
    void topicName_longerThanTheLimit_closes() {
        String longest = "a".repeat(Limits.DEFAULTS.topicBytes());
        TestClient client = broker.client("c").subscribed(longest, 0);
        client.publish(longest, "x").expectPublish(longest, "x");

        broker.assertBroken(client.publish(longest + "a", "x"), Counter.MALFORMED_PACKETS);
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 4_096, 65_535})
    @Tag("MQTT-4.8.0-1")
    void topic_ofTooManySlashes_closes(int slashes) {
        String topic = "/".repeat(slashes);
        TestClient publisher = broker.client("p").publish(topic, "x");
        TestClient subscriber = broker.client("s").subscribe(1, topic, 0);

        publisher.expectClosed();
        subscriber.expectClosed();
        assertThat(broker.count(Counter.MALFORMED_PACKETS)).isEqualTo(2);
        broker.assertServes();
    }

    @ParameterizedTest
    @CsvSource({
        "ACCOUNTS, Accounts",
        "a/b, a/b/",
        "a, /a",
        "a//b, a/b",
        "'a b', 'a  b'",
        "\u00E9, e\u0301",
        "\uFF21, A",
        "\u017F, s"
    })
    @Tag("MQTT-4.7.3-4")
    @Tag("MQTT-3.10.4-1")
    void topics_thatDifferInACharacter_areDifferent(String one, String other) {
        TestClient first = broker.client("1").subscribed(one, 0);
        TestClient second = broker.client("2").subscribed(other, 0);

        broker.client("p").publish(one, "1").publish(other, "2");

        first.expectPublish(one, "1");
        first.expectNothing();
        second.expectPublish(other, "2");
        second.expectNothing();
    }
}
