package io.mqttparty.testkit.conformance;

import static io.mqttparty.testkit.Packets.concat;
import static io.mqttparty.testkit.Packets.hex;
import static io.mqttparty.testkit.Packets.publish;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.Limits;
import io.mqttparty.model.ReasonCode;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.spi.Counter;
import io.mqttparty.testkit.BrokerEvent;
import io.mqttparty.testkit.ControlledInterceptor;
import io.mqttparty.testkit.ControlledUpstream;
import io.mqttparty.testkit.Fault;
import io.mqttparty.testkit.FaultyBackend;
import io.mqttparty.testkit.TestBroker;
import io.mqttparty.testkit.TestClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 4.8: who breaks the protocol is disconnected, whose processing fails too, and nobody else notices. */
final class ErrorHandlingTest {
    @ParameterizedTest
    @CsvSource({
        "00 00, MALFORMED_PACKETS",
        "F0 00, MALFORMED_PACKETS",
        "36 05 00 01 74 00 01, MALFORMED_PACKETS",
        "82 02 00 01, MALFORMED_PACKETS",
        "40 00, MALFORMED_PACKETS",
        "40 01 00, MALFORMED_PACKETS",
        "40 03 00 01 00, MALFORMED_PACKETS",
        "62 03 00 01 00, MALFORMED_PACKETS",
        "C0 01 00, MALFORMED_PACKETS",
        "30 FF FF FF FF, MALFORMED_PACKETS",
        "40 02 00 01, PROTOCOL_VIOLATIONS",
        "10 0D 00 04 4D 51 54 54 04 02 00 00 00 01 63, PROTOCOL_VIOLATIONS"
    })
    @Tag("MQTT-4.8.0-1")
    void violation_behindGoodPackets_closesAfterTheyWereProcessed(String violation, Counter counter) {
        try (TestBroker broker = TestBroker.start(2)) {
            TestClient witness = broker.client("w").subscribed("t", 1);
            TestClient client = broker.client("c");

            client.sendRaw(concat(
                    publish("t", "before", 1, false, 1, false),
                    hex(violation),
                    publish("t", "after", 1, false, 2, false)));

            client.expectPuback(1);
            broker.assertBroken(client, counter);
            witness.expectPublish("t", "before", 1);
            witness.expectNothing();
        }
    }

    @Test
    @Tag("MQTT-4.8.0-1")
    void violation_isReportedWithItsReason() {
        try (TestBroker broker = TestBroker.start()) {
            broker.client("c").sendRaw(hex("00 00")).expectClosed();
            broker.send(hex("C0 00")).expectClosed();

            assertThat(broker.events().events(BrokerEvent.Disconnected.class))
                    .extracting(BrokerEvent.Disconnected::reason)
                    .containsExactly(ReasonCode.MALFORMED_PACKET);
            assertThat(broker.events().events(BrokerEvent.Rejected.class))
                    .extracting(BrokerEvent.Rejected::reason)
                    .containsExactly(ReasonCode.PROTOCOL_ERROR);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("MQTT-4.8.0-1")
    @Tag("MQTT-4.1.0-1")
    void violation_keepsThePersistentSession(boolean lostSameTime) {
        try (TestBroker broker = TestBroker.start()) {
            TestClient client = broker.persistent("c").subscribed("t", 1);
            client.sendRaw(hex("00 00"));
            if (lostSameTime) {
                broker.lose(client);
            }
            broker.client("p").published("t", "x", 1);

            broker.resumed("c").expectPublish("t", "x", 1);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, true", "2, true", "1, false", "2, false"})
    @Tag("MQTT-4.8.0-2")
    void upstream_thatFails_closesThatConnectionAndNoOther(int qos, boolean cleanSession) {
        ControlledUpstream upstream = new ControlledUpstream();
        upstream.calls().failEach(new IllegalStateException("the backend is down"));
        try (TestBroker broker =
                TestBroker.start(2, b -> b.allowAnonymous().upstream(TopicFilter.of("up"), upstream))) {
            TestClient client = broker.connect(c -> c.clientId("c").cleanSession(cleanSession))
                    .expectConnack(0, false);

            client.publish("up", "x", qos, 1).expectClosed();

            assertThat(broker.count(Counter.PUBLISHES_FAILED)).isOne();
            broker.assertServes();
        }
    }

    @Test
    @Tag("MQTT-4.8.0-2")
    void upstream_thatNeverAnswers_closesThatConnection() {
        ControlledUpstream upstream = new ControlledUpstream();
        try (TestBroker broker = TestBroker.start(b -> b.allowAnonymous().upstream(TopicFilter.of("up"), upstream))) {
            TestClient client = broker.client("c").publish("up", "x", 1, 1);

            broker.advance(Duration.ofMillis(29_999));
            client.expectNothing();
            broker.advance(Duration.ofMillis(1));

            client.expectClosed();
            broker.assertServes();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("MQTT-4.8.0-2")
    void interceptor_thatFails_closesThatConnectionAndPassesNothingOn(boolean throwing) {
        ControlledInterceptor interceptor = new ControlledInterceptor();
        if (throwing) {
            interceptor.calls().throwEach(new IllegalStateException("broken"));
        } else {
            interceptor.calls().failEach(new IllegalStateException("broken"));
        }
        try (TestBroker broker = TestBroker.start(b -> b.allowAnonymous().interceptor(interceptor))) {
            TestClient witness = broker.client("w").subscribed("#", 0);
            TestClient client = broker.client("c").publish("t", "x", 1, 1);

            client.expectClosed();
            witness.expectNothing();
            witness.pingreq().expectPingresp();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"subscribe", "publish", "retain", "qos2"})
    @Tag("MQTT-4.8.0-2")
    void backend_thatFails_closesThatConnection(String step) {
        FaultyBackend backend = new FaultyBackend();
        try (TestBroker broker = TestBroker.start(backend::use)) {
            broker.persistent("offline").subscribed("t", 1).disconnect().expectClosed();
            TestClient other = broker.client("other");
            TestClient client = broker.persistent("c");

            backend.failAll(Fault.FAILS);
            switch (step) {
                case "subscribe" -> client.subscribe(1, "t", 1);
                case "publish" -> client.publish("t", "x", 1, 1);
                case "retain" -> client.publish("u", "x", 1, true, 1, false);
                default -> client.publish("u", "x", 2, 1);
            }
            client.expectClosed();
            other.pingreq().expectPingresp();

            backend.repair();
            broker.advance(Duration.ofSeconds(1));
            broker.assertServes();
            broker.resumed("c").expectNothing();
        }
    }

    @Test
    void connections_thatNeverSpeak_areClosedAndDoNotKeepOthersOut() {
        Limits limits = Limits.DEFAULTS.withUnauthenticatedConnections(5_000).withConnections(10_100);
        try (TestBroker broker = TestBroker.start(2, b -> b.allowAnonymous().limits(limits))) {
            List<TestClient> silent = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                silent.add(broker.raw());
            }
            assertThat(broker.broker().connections()).isEqualTo(5_000);
            broker.assertServes();

            broker.advance(Duration.ofSeconds(11));

            assertThat(broker.broker().connections()).isZero();
            silent.forEach(TestClient::expectClosed);
            broker.assertServes();
        }
    }

    @Test
    void connections_beyondTheLimit_areClosedAtOnce() {
        Limits limits = Limits.DEFAULTS.withUnauthenticatedConnections(2).withConnections(2);
        try (TestBroker broker = TestBroker.start(b -> b.allowAnonymous().limits(limits))) {
            TestClient first = broker.client("1");
            TestClient second = broker.client("2");

            broker.raw().expectClosed();

            assertThat(broker.count(Counter.CONNECTIONS_OVER_LIMIT)).isOne();
            first.pingreq().expectPingresp();
            second.disconnect().expectClosed();
            broker.client("3").pingreq().expectPingresp();
        }
    }

    @Test
    void disconnect_byTheApplication_closesThatClient() {
        try (TestBroker broker = TestBroker.start(2)) {
            TestClient client = broker.client("c");
            TestClient other = broker.client("other");

            broker.broker().clients().disconnect(ClientId.of("c"));
            broker.clock().runUntilIdle();

            client.expectClosed();
            other.pingreq().expectPingresp();
        }
    }
}
