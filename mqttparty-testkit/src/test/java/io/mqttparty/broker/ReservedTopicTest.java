package io.mqttparty.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.spi.DropReason;
import io.mqttparty.testkit.TestBroker;
import io.mqttparty.testkit.TestClient;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which topics are the broker's own: docs/adr/0004. */
class ReservedTopicTest {
    @AutoClose
    private final TestBroker broker = TestBroker.start();

    @ParameterizedTest
    @CsvSource({"$SYS,0", "$SYS/uptime,1", "$SYS/uptime,2", "$share/g/t,1"})
    @Tag("MQTT-3.3.5-2")
    void publish_topicOfTheBroker_acknowledgedAndDropped(String topic, int qos) {
        TestClient subscriber = broker.client("s").subscribed("$SYS/#", 2);
        broker.client("p").published(topic, "fake", qos).expectNothing();
        subscriber.expectNothing();
        assertThat(broker.count(DropReason.RESERVED_TOPIC)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"$dev/1", "$SYSTEM/1", "$shared/g/t"})
    void publish_otherTopicWithADollar_delivered(String topic) {
        TestClient subscriber = broker.client("s").subscribed(topic, 1);
        broker.client("p").published(topic, "hello", 1);
        subscriber.expectPublish(topic, "hello", 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"$SYS/uptime", "$share/g/t"})
    void connect_willForATopicOfTheBroker_refused(String topic) {
        broker.connect(c -> c.clientId("c").will(topic, "gone", 0, false))
                .expectConnack(5, false)
                .expectClosed();
    }
}
