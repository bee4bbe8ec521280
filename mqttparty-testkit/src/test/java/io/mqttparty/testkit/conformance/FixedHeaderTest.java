package io.mqttparty.testkit.conformance;

import static io.mqttparty.testkit.Packets.bytes;
import static io.mqttparty.testkit.Packets.concat;
import static io.mqttparty.testkit.Packets.connect;
import static io.mqttparty.testkit.Packets.packet;
import static io.mqttparty.testkit.Packets.pingreq;
import static io.mqttparty.testkit.Packets.string;
import static io.mqttparty.testkit.Packets.uint16;
import static io.mqttparty.testkit.Packets.varint;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.Limits;
import io.mqttparty.spi.Counter;
import io.mqttparty.testkit.LoopbackConnection;
import io.mqttparty.testkit.TestBroker;
import io.mqttparty.testkit.TestClient;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 2.2: type, flags and remaining length. */
final class FixedHeaderTest {
    @AutoClose
    private final TestBroker broker = TestBroker.start();

    /** Each type that a client sends but PUBLISH, whose flags are its own, with each value of the flags that the table does not allow. */
    static Stream<Arguments> wrongFlags() {
        return Stream.of(1, 4, 5, 6, 7, 8, 10, 12, 14)
                .flatMap(type -> IntStream.range(0, 16)
                        .filter(flags -> flags != (type == 6 || type == 8 || type == 10 ? 2 : 0))
                        .mapToObj(flags -> Arguments.of(type, flags)));
    }

    @ParameterizedTest
    @MethodSource("wrongFlags")
    @Tag("MQTT-2.2.2-1")
    @Tag("MQTT-2.2.2-2")
    @Tag("MQTT-3.6.1-1")
    @Tag("MQTT-3.8.1-1")
    @Tag("MQTT-3.10.1-1")
    @Tag("MQTT-3.14.1-1")
    void flags_otherThanInTheTable_close(int type, int flags) {
        TestClient client = type == 1 ? broker.raw() : broker.client("c");

        client.sendRaw(packet(type, flags, body(type)));

        broker.assertBroken(client, Counter.MALFORMED_PACKETS);
    }

    private static byte[] body(int type) {
        return switch (type) {
            case 1 -> concat(string("MQTT"), bytes(4, 2), uint16(0), string("c"));
            case 8 -> concat(uint16(1), string("t"), bytes(0));
            case 10 -> concat(uint16(1), string("t"));
            case 12, 14 -> new byte[0];
            default -> uint16(1);
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 9, 11, 13, 15})
    @Tag("MQTT-4.8.0-1")
    void type_thatNoClientSends_closes(int type) {
        broker.assertBroken(broker.client("c").sendRaw(packet(type, 0, bytes(0, 1))), Counter.MALFORMED_PACKETS);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 9, 11, 13, 15})
    @Tag("MQTT-3.1.0-1")
    @Tag("MQTT-4.8.0-1")
    void type_thatNoClientSends_asTheFirstPacket_closes(int type) {
        broker.assertBroken(broker.send(packet(type, 0, bytes(0, 1))), Counter.MALFORMED_PACKETS);
    }

    @Test
    @Tag("MQTT-4.8.0-1")
    void remainingLength_ofFiveBytes_closesBeforeThePacketIsComplete() {
        broker.assertBroken(broker.client("c").sendRaw(concat(bytes(0x30), varint(1, 5))), Counter.MALFORMED_PACKETS);
    }

    @Test
    @Tag("MQTT-4.8.0-1")
    void remainingLength_beyondTheLimit_closesAtTheHeader() {
        TestClient client = broker.client("c");

        client.sendRaw(concat(bytes(0x30), varint(Limits.DEFAULTS.packetBytes())));

        broker.assertBroken(client, Counter.MALFORMED_PACKETS);
    }

    @Test
    @Tag("MQTT-4.8.0-1")
    void remainingLength_beyondTheLimitBeforeConnect_closesAtTheHeader() {
        TestClient client = broker.send(concat(bytes(0x10), varint(Limits.DEFAULTS.connectPacketBytes())));

        broker.assertBroken(client, Counter.MALFORMED_PACKETS);
    }

    @Test
    void packet_asLargeAsTheLimit_comesThrough() {
        TestClient client = broker.client("c").subscribed("t", 0);
        int overhead = 4 + 2 + 1;
        String payload = "x".repeat(Limits.DEFAULTS.packetBytes() - overhead);

        client.publish("t", payload);

        client.expectPublish("t", payload);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void packets_cutAnywhere_areTheSame(int size) {
        LoopbackConnection connection = broker.transport().connect();
        TestClient receiver = broker.client("r").subscribed("#", 0);

        connection.sendCut(
                concat(
                        connect(c -> c.clientId("cut")),
                        packet(3, 0, string("t"), string("payload")),
                        packet(3, 0, string("t"), new byte[300]),
                        pingreq()),
                size);

        assertThat(connection.pollBytes()).isEqualTo(bytes(0x20, 2, 0, 0, 0xD0, 0));
        receiver.expectPublish("t", "\0\7payload");
        receiver.expectPublish("t", "\0".repeat(300));
    }
}
