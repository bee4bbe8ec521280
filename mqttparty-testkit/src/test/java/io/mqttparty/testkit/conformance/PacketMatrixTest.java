package io.mqttparty.testkit.conformance;

import static io.mqttparty.testkit.Packets.bytes;
import static io.mqttparty.testkit.Packets.concat;
import static io.mqttparty.testkit.Packets.connect;
import static io.mqttparty.testkit.Packets.disconnect;
import static io.mqttparty.testkit.Packets.packet;
import static io.mqttparty.testkit.Packets.pingreq;
import static io.mqttparty.testkit.Packets.puback;
import static io.mqttparty.testkit.Packets.pubcomp;
import static io.mqttparty.testkit.Packets.publish;
import static io.mqttparty.testkit.Packets.pubrec;
import static io.mqttparty.testkit.Packets.pubrel;
import static io.mqttparty.testkit.Packets.subscribe;
import static io.mqttparty.testkit.Packets.unsubscribe;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.ReasonCode;
import io.mqttparty.spi.Authenticator;
import io.mqttparty.spi.Counter;
import io.mqttparty.testkit.ControlledAuthenticator;
import io.mqttparty.testkit.ServerPacket;
import io.mqttparty.testkit.TestBroker;
import io.mqttparty.testkit.TestClient;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every packet type in every state of a connection.
 *
 * <pre>
 * packet                       before CONNECT   CONNECTING   connected       after DISCONNECT
 * CONNECT                      CONNACK          held back    violation       nothing
 * PUBLISH, PUBREL, SUBSCRIBE,
 * UNSUBSCRIBE, PINGREQ         violation        held back    answer          nothing
 * PUBACK, PUBREC, PUBCOMP      violation        held back    violation       nothing
 * DISCONNECT                   violation        held back    the end         nothing
 * what no client sends         malformed        held back    malformed       nothing
 * </pre>
 *
 * What was held back has the outcome of "connected" if the client is accepted, and none at all if it is refused.
 */
final class PacketMatrixTest {
    private final ControlledAuthenticator authenticator = new ControlledAuthenticator();

    @AutoClose
    private final TestBroker broker = TestBroker.start(builder -> builder.authenticator(authenticator));

    /** Each packet type of table 2.1, well-formed, and what a connected client that received nothing yet gets for it. */
    private enum Input {
        RESERVED_0(packet(0, 0), malformed()),
        CONNECT(connect(c -> c.clientId("c")), violation()),
        CONNACK(packet(2, 0, bytes(0, 0)), malformed()),
        PUBLISH_QOS_0(publish("t", "x", 0, false, 0, false), silence()),
        PUBLISH_QOS_1(publish("t", "x", 1, false, 7, false), answer(new ServerPacket.Puback(7))),
        PUBLISH_QOS_2(publish("t", "x", 2, false, 7, false), answer(new ServerPacket.Pubrec(7))),
        PUBACK(puback(7), violation()),
        PUBREC(pubrec(7), violation()),
        PUBREL(pubrel(7), answer(new ServerPacket.Pubcomp(7))),
        PUBCOMP(pubcomp(7), violation()),
        SUBSCRIBE(subscribe(7, "t", 1), answer(new ServerPacket.Suback(7, List.of(1)))),
        SUBACK(packet(9, 0, bytes(0, 7, 1)), malformed()),
        UNSUBSCRIBE(unsubscribe(7, "t"), answer(new ServerPacket.Unsuback(7))),
        UNSUBACK(packet(11, 0, bytes(0, 7)), malformed()),
        PINGREQ(pingreq(), answer(new ServerPacket.Pingresp())),
        PINGRESP(packet(13, 0), malformed()),
        DISCONNECT(disconnect(), end()),
        RESERVED_15(packet(15, 0), malformed());

        private final byte[] bytes;
        private final Outcome whenConnected;

        Input(byte[] bytes, Outcome whenConnected) {
            this.bytes = bytes;
            this.whenConnected = whenConnected;
        }
    }

    /** What comes back, whether the connection is closed, and which counter says why. */
    private record Outcome(Optional<ServerPacket> answer, boolean closes, Optional<Counter> counter) {}

    private static Outcome silence() {
        return new Outcome(Optional.empty(), false, Optional.empty());
    }

    private static Outcome answer(ServerPacket packet) {
        return new Outcome(Optional.of(packet), false, Optional.empty());
    }

    private static Outcome violation() {
        return new Outcome(Optional.empty(), true, Optional.of(Counter.PROTOCOL_VIOLATIONS));
    }

    private static Outcome malformed() {
        return new Outcome(Optional.empty(), true, Optional.of(Counter.MALFORMED_PACKETS));
    }

    private static Outcome end() {
        return new Outcome(Optional.empty(), true, Optional.empty());
    }

    @ParameterizedTest
    @EnumSource
    @Tag("MQTT-3.1.0-1")
    @Tag("MQTT-3.1.4-1")
    @Tag("MQTT-4.8.0-1")
    void packet_beforeConnect_hasItsOutcome(Input input) {
        acceptAll();
        Outcome expected = input == Input.CONNECT
                ? answer(new ServerPacket.Connack(0, false))
                : input.whenConnected.counter().equals(malformed().counter()) ? malformed() : violation();

        assertOutcome(broker.send(input.bytes), expected);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("MQTT-3.2.0-1")
    @Tag("MQTT-4.8.0-1")
    void packet_whileConnecting_waitsAndHasItsOutcomeThen(Input input) {
        TestClient client = broker.connect(c -> c.clientId("c")).sendRaw(input.bytes);
        client.expectNothing();

        authenticator.accept();
        acceptAll();

        assertOutcome(client.expectConnack(0, false), input.whenConnected);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("MQTT-3.1.4-5")
    void packet_whileConnecting_hasNoOutcomeIfRefused(Input input) {
        TestClient client = broker.connect(c -> c.clientId("c")).sendRaw(input.bytes);

        authenticator.refuse(ReasonCode.NOT_AUTHORIZED);
        acceptAll();

        assertOutcome(client.expectConnack(5, false), end());
    }

    @ParameterizedTest
    @EnumSource
    @Tag("MQTT-3.1.0-2")
    @Tag("MQTT-3.3.4-1")
    @Tag("MQTT-4.8.0-1")
    void packet_whenConnected_hasItsOutcome(Input input) {
        acceptAll();

        assertOutcome(broker.client("c").sendRaw(input.bytes), input.whenConnected);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("MQTT-3.1.0-2")
    @Tag("MQTT-3.3.4-1")
    @Tag("MQTT-4.8.0-1")
    void packet_whenConnectedWithAPersistentSession_hasItsOutcome(Input input) {
        acceptAll();

        assertOutcome(broker.persistent("c").sendRaw(input.bytes), input.whenConnected);
    }

    /** In the same read, and in one that a transport had begun when the connection was closed. */
    @ParameterizedTest
    @EnumSource
    @Tag("MQTT-3.14.4-1")
    @Tag("MQTT-3.14.4-2")
    void packet_afterDisconnect_hasNoOutcome(Input input) {
        acceptAll();
        TestClient witness = broker.client("w").subscribed("t", 0);

        TestClient client = broker.client("c").sendRaw(concat(disconnect(), input.bytes));
        client.sendRaw(input.bytes);

        assertOutcome(client, end());
        witness.expectNothing();
    }

    private void acceptAll() {
        authenticator.calls().answerEach(request -> Authenticator.Result.accepted());
    }

    private void assertOutcome(TestClient client, Outcome expected) {
        expected.answer().ifPresent(client::expect);
        if (expected.closes()) {
            client.expectClosed();
        } else {
            client.expectNothing();
        }
        for (Counter each : List.of(Counter.PROTOCOL_VIOLATIONS, Counter.MALFORMED_PACKETS)) {
            assertThat(broker.count(each))
                    .as("%s", each)
                    .isEqualTo(expected.counter().filter(each::equals).isPresent() ? 1 : 0);
        }
        broker.assertServes();
    }

    @AfterEach
    void nobodyWaits() {
        assertThat(authenticator.calls().pending()).isEmpty();
    }
}
