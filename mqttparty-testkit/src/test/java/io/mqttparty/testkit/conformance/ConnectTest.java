package io.mqttparty.testkit.conformance;

import static io.mqttparty.testkit.Packets.bytes;
import static io.mqttparty.testkit.Packets.concat;
import static io.mqttparty.testkit.Packets.connect;
import static io.mqttparty.testkit.Packets.packet;
import static io.mqttparty.testkit.Packets.pingreq;
import static io.mqttparty.testkit.Packets.publish;
import static io.mqttparty.testkit.Packets.string;
import static io.mqttparty.testkit.Packets.uint16;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.ClientInfo;
import io.mqttparty.model.Limits;
import io.mqttparty.model.Payload;
import io.mqttparty.spi.Authenticator;
import io.mqttparty.spi.Counter;
import io.mqttparty.testkit.BrokerEvent;
import io.mqttparty.testkit.ControlledAuthenticator;
import io.mqttparty.testkit.TestBroker;
import io.mqttparty.testkit.TestClient;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 3.1: what CONNECT may look like. What follows from it is in the tests of sessions, wills and takeovers. */
final class ConnectTest {
    @AutoClose
    private final TestBroker broker = TestBroker.start();

    @Test
    @Tag("MQTT-3.1.0-2")
    void connect_twice_closesAndAnswersOnce() {
        TestClient client = broker.client("c");

        client.connect(c -> c.clientId("c"));

        broker.assertBroken(client, Counter.PROTOCOL_VIOLATIONS);
    }

    @Test
    @Tag("MQTT-3.1.0-2")
    void connect_twiceInOneRead_closesAfterTheFirstAnswer() {
        TestClient client = broker.send(connect(c -> c.clientId("c")), connect(c -> c.clientId("c")), pingreq());

        client.expectConnack(0, false);

        broker.assertBroken(client, Counter.PROTOCOL_VIOLATIONS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "mqtt", "MQTT ", "MQTTX", "MQIsdp2", "HTTP"})
    @Tag("MQTT-3.1.2-1")
    void protocolName_unknown_closesWithoutConnack(String name) {
        broker.assertBroken(broker.connect(c -> c.protocolName(name).clientId("c")), Counter.MALFORMED_PACKETS);
    }

    @ParameterizedTest
    @CsvSource({"MQTT, 0", "MQTT, 3", "MQTT, 5", "MQTT, 132", "MQTT, 255", "MQIsdp, 4", "MQIsdp, 5"})
    @Tag("MQTT-3.1.2-2")
    void protocolLevel_notSupported_isAnsweredWith1AndCloses(String name, int level) {
        TestClient client =
                broker.connect(c -> c.protocolName(name).protocolLevel(level).clientId("c"));

        client.expectConnack(1, false).expectClosed();

        assertThat(broker.count(Counter.CONNECTS_ACCEPTED)).isZero();
        broker.assertServes();
    }

    @Test
    void connect_ofMqtt31_isAccepted() {
        broker.connect(c -> c.protocolName("MQIsdp").protocolLevel(3).clientId("c"))
                .expectConnack(0, false);
    }

    /** Each combination of the connect flags that contradicts itself; the payload has what a reader of the flags would look for. */
    @ParameterizedTest
    @CsvSource({
        "0x03, reserved",
        "0x01, reserved",
        "0x0A, will QoS 1 without will",
        "0x12, will QoS 2 without will",
        "0x1A, will QoS 3 without will",
        "0x22, will retain without will",
        "0x1E, will QoS 3",
        "0x3E, will QoS 3 retained",
        "0x42, password without user name"
    })
    @Tag("MQTT-3.1.2-3")
    @Tag("MQTT-3.1.2-11")
    @Tag("MQTT-3.1.2-13")
    @Tag("MQTT-3.1.2-14")
    @Tag("MQTT-3.1.2-15")
    @Tag("MQTT-3.1.2-22")
    @Tag("MQTT-3.1.4-1")
    void connectFlags_contradictory_closeWithoutConnack(int flags, String what) {
        byte[] will = (flags & 0x04) == 0 ? new byte[0] : concat(string("w"), string("x"));
        byte[] password = (flags & 0x40) == 0 ? new byte[0] : string("secret");

        TestClient client = broker.send(rawConnect(flags, string("c"), will, password));

        broker.assertBroken(client, Counter.MALFORMED_PACKETS);
        assertThat(what).isNotEmpty();
    }

    /** The payload is longer or shorter than the flags say. */
    static Stream<byte[]> payloadsThatDoNotFit() {
        return Stream.of(
                rawConnect(0x02), // no client id [MQTT-3.1.3-3]
                rawConnect(0x02, string("c"), string("user")),
                rawConnect(0x02, string("c"), string("w"), string("x")),
                rawConnect(0x06, string("c")),
                rawConnect(0x06, string("c"), string("w")),
                rawConnect(0x82, string("c")),
                rawConnect(0x82, string("c"), string("user"), string("password")),
                rawConnect(0xC2, string("c"), string("user")),
                rawConnect(0xC2, string("c"), string("user"), uint16(5), bytes(1, 2, 3, 4)),
                rawConnect(0x02, string("c"), bytes(0)),
                packet(1, 0),
                packet(1, 0, string("MQTT")),
                packet(1, 0, string("MQTT"), bytes(4, 2)));
    }

    @ParameterizedTest
    @MethodSource("payloadsThatDoNotFit")
    @Tag("MQTT-3.1.2-9")
    @Tag("MQTT-3.1.2-11")
    @Tag("MQTT-3.1.2-18")
    @Tag("MQTT-3.1.2-19")
    @Tag("MQTT-3.1.2-20")
    @Tag("MQTT-3.1.2-21")
    @Tag("MQTT-3.1.3-3")
    @Tag("MQTT-3.1.4-1")
    void payload_thatDoesNotFitTheFlags_closesWithoutConnack(byte[] connect) {
        broker.assertBroken(broker.send(connect), Counter.MALFORMED_PACKETS);
    }

    @Test
    @Tag("MQTT-3.1.3-1")
    @Tag("MQTT-3.1.2-9")
    @Tag("MQTT-3.1.2-19")
    @Tag("MQTT-3.1.2-21")
    void payload_withEverything_isReadInItsOrder() {
        ControlledAuthenticator authenticator = new ControlledAuthenticator();
        try (TestBroker guarded = TestBroker.start(b -> b.authenticator(authenticator))) {
            TestClient client = guarded.send(rawConnect(
                    0xC6,
                    string("the id"),
                    string("the will"),
                    string("its text"),
                    string("the user"),
                    string("secret")));

            Authenticator.Request request = authenticator.calls().requests().get(0);
            assertThat(request.client().clientId().value()).isEqualTo("the id");
            assertThat(request.client().username()).contains("the user");
            assertThat(request.password()).contains(Payload.utf8("secret"));
            authenticator.accept();
            client.expectConnack(0, false);

            authenticator.calls().answerEach(each -> Authenticator.Result.accepted());
            TestClient witness = guarded.client("w").subscribed("the will", 0);
            guarded.lose(client);
            witness.expectPublish("the will", "its text", 0);
        }
    }

    @Test
    @Tag("MQTT-3.1.2-18")
    @Tag("MQTT-3.1.2-20")
    void payload_withoutUserNameAndPassword_hasNone() {
        ControlledAuthenticator authenticator = new ControlledAuthenticator();
        try (TestBroker guarded = TestBroker.start(b -> b.authenticator(authenticator))) {
            guarded.connect(c -> c.clientId("c"));
            guarded.connect(c -> c.clientId("d").username("").password(""));

            Authenticator.Request without = authenticator.calls().requests().get(0);
            assertThat(without.client().username()).isEmpty();
            assertThat(without.password()).isEmpty();
            Authenticator.Request empty = authenticator.calls().requests().get(1);
            assertThat(empty.client().username()).contains("");
            assertThat(empty.password()).contains(Payload.utf8(""));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"w/+", "w/#", "#", ""})
    @Tag("MQTT-3.1.4-1")
    @Tag("MQTT-4.7.1-1")
    @Tag("MQTT-4.7.3-1")
    void willTopic_thatIsNoTopicName_closesWithoutConnack(String topic) {
        broker.assertBroken(broker.connect(c -> c.clientId("c").will(topic, "x", 0, false)), Counter.MALFORMED_PACKETS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "0", "Z", "0123456789abcdefghijklm", "nopqrstuvwxyzABCDEFGHIJ", "KLMNOPQRSTUVWXYZ"})
    @Tag("MQTT-3.1.3-5")
    void clientId_ofOneTo23LettersAndDigits_isAccepted(String clientId) {
        broker.client(clientId).pingreq().expectPingresp();
    }

    @Test
    @Tag("MQTT-3.1.3-6")
    @Tag("MQTT-3.1.3-7")
    void clientId_empty_isAssignedAndUnique() {
        TestClient first = broker.client("");
        TestClient second = broker.client("");

        first.pingreq().expectPingresp();
        second.pingreq().expectPingresp();
        assertThat(broker.events().events(BrokerEvent.Connected.class))
                .extracting(each -> each.client().clientId().value())
                .hasSize(2)
                .doesNotHaveDuplicates()
                .doesNotContain("");
    }

    @Test
    @Tag("MQTT-3.1.3-7")
    @Tag("MQTT-3.1.3-8")
    void clientId_emptyWithoutCleanSession_isAnsweredWith2AndCloses() {
        broker.connect(c -> c.clientId("").cleanSession(false))
                .expectConnack(2, false)
                .expectClosed();

        assertThat(broker.count(Counter.CONNECTS_REFUSED)).isOne();
        broker.assertServes();
    }

    @Test
    @Tag("MQTT-3.1.3-9")
    void clientId_longerThanTheLimit_isAnsweredWith2AndCloses() {
        int limit = Limits.DEFAULTS.clientIdBytes();

        broker.connect(c -> c.clientId("x".repeat(limit + 1)))
                .expectConnack(2, false)
                .expectClosed();
        broker.connect(c -> c.clientId("x".repeat(limit))).expectConnack(0, false);
    }

    @Test
    @Tag("MQTT-3.1.3-2")
    void clientIds_thatDifferInCase_areDifferentClients() {
        TestClient lower = broker.client("client");
        TestClient upper = broker.client("CLIENT");

        lower.pingreq().expectPingresp();
        upper.pingreq().expectPingresp();
    }

    @Test
    @Tag("MQTT-3.1.4-4")
    void connect_valid_isAnsweredWith0AndCounted() {
        broker.connect(c -> c.clientId("c")).expectConnack(0, false).expectNothing();

        assertThat(broker.count(Counter.CONNECTS_ACCEPTED)).isOne();
        ClientInfo client =
                broker.events().events(BrokerEvent.Connected.class).get(0).client();
        assertThat(client.clientId().value()).isEqualTo("c");
    }

    @Test
    @Tag("MQTT-3.1.4-5")
    void packets_behindARefusedConnect_areNotProcessed() {
        TestClient witness = broker.client("w").subscribed("#", 0);

        TestClient client = broker.send(
                connect(c -> c.clientId("").cleanSession(false)), publish("t", "x", 0, false, 0, false), pingreq());

        client.expectConnack(2, false).expectClosed();
        witness.expectNothing();
    }

    @Test
    void connect_thatDoesNotCome_closesAfterTheLimit() {
        TestClient silent = broker.raw();
        TestClient slow = broker.send(bytes(0x10));

        broker.advance(Limits.DEFAULTS.connectTimeout().minusMillis(1));
        silent.expectNothing();
        broker.advance(Duration.ofSeconds(2));

        silent.expectClosed();
        slow.expectClosed();
        assertThat(broker.count(Counter.CONNECT_TIMEOUTS)).isEqualTo(2);
        broker.assertServes();
    }

    @Test
    void connect_oneBytePerSecond_closesAfterTheLimit() {
        TestClient slow = broker.raw();
        byte[] connect = connect(c -> c.clientId("a client with a long id"));

        for (int i = 0; i < 11; i++) {
            if (!slow.pipe().isEnded()) {
                slow.sendRaw(bytes(connect[i]));
            }
            broker.advance(Duration.ofSeconds(1));
        }

        slow.expectClosed();
        assertThat(broker.count(Counter.CONNECT_TIMEOUTS)).isOne();
    }

    private static byte[] rawConnect(int flags, byte[]... payload) {
        return packet(1, 0, string("MQTT"), bytes(4, flags), uint16(0), concat(payload));
    }
}
