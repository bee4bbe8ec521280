package io.mqttparty.testkit.conformance;

import static io.mqttparty.testkit.Packets.publish;
import static io.mqttparty.testkit.Packets.subscribe;
import static io.mqttparty.testkit.Packets.unsubscribe;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.spi.Counter;
import io.mqttparty.testkit.Packets;
import io.mqttparty.testkit.ServerPacket;
import io.mqttparty.testkit.TestBroker;
import io.mqttparty.testkit.TestClient;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 2.3.1: packet identifiers. */
final class PacketIdTest {
    @AutoClose
    private final TestBroker broker = TestBroker.start();

    static Stream<byte[]> packetsWithIdZero() {
        return Stream.of(
                publish("t", "x", 1, false, 0, false),
                publish("t", "x", 2, false, 0, false),
                subscribe(0, "t", 0),
                unsubscribe(0, "t"),
                Packets.puback(0),
                Packets.pubrec(0),
                Packets.pubrel(0),
                Packets.pubcomp(0));
    }

    @ParameterizedTest
    @MethodSource("packetsWithIdZero")
    @Tag("MQTT-2.3.1-1")
    void packetId_zero_closes(byte[] packet) {
        TestClient witness = broker.client("w").subscribed("t", 0);

        broker.assertBroken(broker.client("c").sendRaw(packet), Counter.MALFORMED_PACKETS);
        witness.expectNothing();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 255, 256, 32_767, 32_768, 65_535})
    @Tag("MQTT-2.3.1-6")
    @Tag("MQTT-2.3.1-7")
    @Tag("MQTT-3.8.4-2")
    @Tag("MQTT-3.10.4-4")
    void packetId_ofTheClient_isInTheAnswer(int id) {
        TestClient client = broker.client("c");

        client.subscribe(id, "s", 1).expectSuback(id, 1);
        client.unsubscribe(id, "s").expectUnsuback(id);
        client.publish("t", "x", 1, id).expectPuback(id);
        client.publish("t", "x", 2, id).expectPubrec(id);
        client.pubrel(id).expectPubcomp(id);
        client.expectNothing();
    }

    @Test
    @Tag("MQTT-2.3.1-6")
    void pubrel_ofTheBroker_carriesTheIdOfItsPublish() {
        TestClient receiver = broker.client("r").subscribed("t", 2);
        broker.client("p").published("t", "1", 2).published("t", "2", 2);

        int first = receiver.expectPublish("t", "1", 2).packetId();
        int second = receiver.expectPublish("t", "2", 2).packetId();
        receiver.pubrec(first).expectPubrel(first);
        receiver.pubrec(second).expectPubrel(second);
        receiver.pubcomp(first).pubcomp(second).expectNothing();
    }

    @Test
    @Tag("MQTT-2.3.1-5")
    void publish_qos0_hasNoId() {
        TestClient client = broker.client("c").subscribed("t", 2);

        client.sendRaw(Packets.hex("30 05 00 01 74 61 62"));

        assertThat(client.pipe().pollBytes()).isEqualTo(Packets.hex("30 05 00 01 74 61 62"));
    }

    @Test
    @Tag("MQTT-2.3.1-2")
    @Tag("MQTT-4.3.2-1")
    void packetIds_unacknowledged_areAllDifferent() {
        TestClient receiver = broker.client("r").subscribed("t", 2);
        TestClient sender = broker.client("p");
        IntStream.range(0, 20).forEach(i -> sender.published("t", "x", 1 + i % 2));

        List<Integer> ids = receiver.drain().stream()
                .map(packet -> ((ServerPacket.Publish) packet).packetId())
                .toList();

        assertThat(ids).hasSize(20).doesNotHaveDuplicates().doesNotContain(0);
    }

    /** Ids start again at 1 after 65,535, and one that is still in use is never taken. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("MQTT-2.3.1-2")
    void packetIds_afterTheLast_startAgain(boolean cleanSession) {
        TestClient receiver = broker.connect(c -> c.clientId("r").cleanSession(cleanSession))
                .expectConnack(0, false)
                .subscribed("t", 1);
        TestClient sender = broker.client("p");
        List<Integer> ids = new ArrayList<>();

        for (int sent = 0; sent < 65_537; sent += 31) {
            sender.sendRaw(Packets.concat(IntStream.range(sent, Math.min(sent + 31, 65_537))
                    .mapToObj(i -> publish("t", "x", 1, false, 1 + i % 65_535, false))
                    .toArray(byte[][]::new)));
            for (ServerPacket packet : receiver.drain()) {
                ids.add(((ServerPacket.Publish) packet).packetId());
            }
            receiver.sendRaw(Packets.concat(
                    ids.subList(sent, ids.size()).stream().map(Packets::puback).toArray(byte[][]::new)));
            sender.drain();
        }

        assertThat(ids.subList(0, 65_535)).doesNotHaveDuplicates();
        assertThat(ids.subList(65_535, ids.size())).isEqualTo(ids.subList(0, 2));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("MQTT-2.3.1-2")
    @Tag("MQTT-4.3.2-1")
    void packetId_neverAcknowledged_isNeverTakenAgain(boolean cleanSession) {
        TestClient receiver = broker.connect(c -> c.clientId("r").cleanSession(cleanSession))
                .expectConnack(0, false)
                .subscribed("t", 1);
        TestClient sender = broker.client("p");
        sender.published("t", "kept", 1);
        int kept = receiver.expectPublish("t", "kept", 1).packetId();
        int delivered = 0;

        for (int i = 0; i < 1_000; i++) {
            sender.published("t", "x", 1);
            for (ServerPacket packet : receiver.drain()) {
                delivered++;
                assertThat(((ServerPacket.Publish) packet).packetId()).isNotEqualTo(kept);
                receiver.puback(((ServerPacket.Publish) packet).packetId());
            }
        }
        receiver.puback(kept);
        for (List<ServerPacket> rest = receiver.drain(); !rest.isEmpty(); rest = receiver.drain()) {
            delivered += rest.size();
            rest.forEach(packet -> receiver.puback(((ServerPacket.Publish) packet).packetId()));
        }

        assertThat(delivered).isEqualTo(1_000);
    }
}
