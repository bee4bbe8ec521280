package io.mqttparty.testkit;

import static io.mqttparty.testkit.Packets.concat;
import static io.mqttparty.testkit.Packets.hex;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttparty.model.Payload;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client against bytes of a server that were put together by hand from the figures of the standard. */
final class TestClientTest {
    private static final String CONNACK = "20 02 0000";

    private final LoopbackTransport transport = LoopbackTransport.create(FakeClock.create());
    private final TinyBroker broker = TinyBroker.silent().on(transport);
    private final LoopbackConnection pipe = transport.connect();
    private final TestClient client = TestClient.over(pipe);

    @Test
    void eachPacket_legal_isRead() {
        client.connect(c -> c.clientId("a").cleanSession(false));
        serve("20 02 0100");
        client.expectConnack(0, true);
        client.publish("t", "1", 1, 1).publish("t", "2", 2, 2).pubrel(3);
        client.subscribe(4, "t", 1).unsubscribe(5, "t").pingreq();

        serve("40 02 0001", "50 02 0002", "70 02 0003", "90 03 0004 01", "b0 02 0005", "d0 00", "62 02 0006");

        client.expectPuback(1).expectPubrec(2).expectPubcomp(3).expectSuback(4, 1);
        client.expectUnsuback(5).expectPingresp().expectPubrel(6).expectNothing();
    }

    @Test
    void publish_ofEachQos_isReadWithAllItsFields() {
        connect();
        serve("31 06 0001 74 c3a9 21", "32 06 0001 74 000a 78");

        assertThat(client.next()).isEqualTo(publish("t", "é!", 0, true, false, 0));
        assertThat(client.next()).isEqualTo(publish("t", "x", 1, false, false, 10));
    }

    @Test
    void publish_duplicateOfANewSession_failsTheTest() {
        connect();
        serve("3c 05 0001 74 ffff");

        assertBreach("MQTT-4.3.2-1", client::next);
    }

    @Test
    void publish_duplicateOfAResumedSession_isRead() {
        client.connect(c -> c.clientId("a").cleanSession(false));
        serve("20 02 0100", "3c 05 0001 74 ffff");

        client.expectConnack(0, true);
        assertThat(client.expectPublish("t", "", 2)).isEqualTo(publish("t", "", 2, false, true, 65_535));
    }

    @Test
    void packets_cutAnywhere_areRead() {
        connect();
        byte[] both = concat(hex("30 cb 01 0001 74"), "x".repeat(200).getBytes(), hex("30 03 0001 75"));

        for (byte each : both) {
            serve(new byte[] {each});
            client.poll().ifPresent(packet -> assertThat(packet).isInstanceOf(ServerPacket.Publish.class));
        }

        assertThat(client.drain()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
                    first packet is no CONNACK,      30 03 0001 74,            MQTT-3.2.0-1
                    CONNACK flags,                   21 02 0000,               MQTT-2.2.2-1
                    CONNACK long,                    20 03 000000,             3.2
                    CONNACK acknowledge flags,       20 02 0200,               3.2.2.1
                    CONNACK code,                    20 02 0006,               3.2.2.3
                    CONNACK refused and present,     20 02 0105,               MQTT-3.2.2-4
                    CONNACK present and clean,       20 02 0100,               MQTT-3.2.2-1
                    """)
    void firstPacket_illegal_failsTheTest(String name, String bytes, String clause) {
        client.connect(c -> c.clientId("a"));
        serve(bytes);

        assertBreach(clause, client::next);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
                    second CONNACK,                  20 02 0000,               3.2
                    type 0,                          00 00,                    2.2.1
                    CONNECT,                         10 00,                    2.2.1
                    SUBSCRIBE,                       82 00,                    2.2.1
                    UNSUBSCRIBE,                     a2 00,                    2.2.1
                    PINGREQ,                         c0 00,                    2.2.1
                    DISCONNECT,                      e0 00,                    2.2.1
                    type 15,                         f0 00,                    2.2.1
                    remaining length of 5 bytes,     30 80 80 80 80 01,        2.2.3
                    PUBLISH QoS 3,                   36 05 0001 74 0001,       MQTT-3.3.1-4
                    PUBLISH QoS 0 with DUP,          38 03 0001 74,            MQTT-3.3.1-2
                    PUBLISH without topic,           30 01 00,                 3.3.2
                    PUBLISH short topic,             30 03 0002 74,            3.3.2
                    PUBLISH empty topic,             30 02 0000,               MQTT-4.7.3-1
                    PUBLISH topic not UTF-8,         30 04 0002 c080,          MQTT-1.5.3-1
                    PUBLISH topic surrogate,         30 05 0003 eda080,        MQTT-1.5.3-1
                    PUBLISH topic with NUL,          30 03 0001 00,            MQTT-1.5.3-2
                    PUBLISH topic with +,            30 03 0001 2b,            MQTT-3.3.2-2
                    PUBLISH topic with #,            30 03 0001 23,            MQTT-3.3.2-2
                    PUBLISH packet id 0,             32 05 0001 74 0000,       2.3.1
                    PUBLISH no packet id,            32 04 0001 74 00,         2.3.1
                    PUBACK flags,                    42 02 0001,               MQTT-2.2.2-1
                    PUBACK long,                     40 03 000100,             2.3.1
                    PUBACK packet id 0,              40 02 0000,               2.3.1
                    PUBACK unasked,                  40 02 0001,               2.3.1
                    PUBREC flags,                    51 02 0001,               MQTT-2.2.2-1
                    PUBREC unasked,                  50 02 0001,               2.3.1
                    PUBREL flags,                    60 02 0001,               MQTT-2.2.2-1
                    PUBREL unasked,                  62 02 0001,               MQTT-2.3.1-6
                    PUBCOMP short,                   70 01 01,                 2.3.1
                    PUBCOMP unasked,                 70 02 0001,               2.3.1
                    SUBACK flags,                    92 03 0001 00,            MQTT-2.2.2-1
                    SUBACK without codes,            90 02 0001,               MQTT-3.8.4-5
                    SUBACK code,                     90 03 0001 03,            MQTT-3.9.3-2
                    SUBACK unasked,                  90 03 0001 00,            2.3.1
                    UNSUBACK unasked,                b0 02 0001,               2.3.1
                    PINGRESP flags,                  d1 00,                    MQTT-2.2.2-1
                    PINGRESP long,                   d0 01 00,                 3.13
                    PINGRESP unasked,                d0 00,                    2.3.1
                    """)
    void packet_illegal_failsTheTest(String name, String bytes, String clause) {
        connect();
        serve(bytes);

        assertBreach(clause, client::next);
    }

    @Test
    void packet_afterARefusal_failsTheTest() {
        client.connect(c -> c.clientId("a"));
        serve("20 02 0005");
        client.expectConnack(5, false);
        serve("30 03 0001 74");

        assertBreach("MQTT-3.2.2-5", client::next);
    }

    @Test
    void suback_otherNumberOfCodes_failsTheTest() {
        connect();
        client.subscribe(1, "t", 0);
        serve("90 04 0001 0000");

        assertBreach("2.3.1", client::next);
    }

    @Test
    void acknowledgements_outOfOrder_failTheTest() {
        connect();
        client.publish("t", "1", 1, 1).publish("t", "2", 1, 2);
        serve("40 02 0002");

        assertBreach("MQTT-4.6.0-2", client::next);
    }

    @Test
    void pubrecs_outOfOrder_failTheTest() {
        connect();
        client.publish("t", "1", 2, 1).publish("t", "2", 2, 2);
        serve("50 02 0002");

        assertBreach("MQTT-4.6.0-3", client::next);
    }

    @Test
    void acknowledgement_twice_failsTheTest() {
        connect();
        client.publish("t", "1", 1, 1);
        serve("40 02 0001");
        client.expectPuback(1);
        serve("40 02 0001");

        assertBreach("2.3.1", client::next);
    }

    @Test
    void packetId_inUse_failsTheTest() {
        connect();
        serve("32 05 0001 74 0001");
        client.expectPublish("t", "");
        serve("32 05 0001 74 0001");

        assertBreach("MQTT-2.3.1-4", client::next);
    }

    @Test
    void packetId_acknowledged_isFree() {
        connect();
        serve("32 05 0001 74 0001");
        client.expectPublish("t", "", 1);
        client.puback(1);
        serve("34 05 0001 74 0001");
        client.expectPublish("t", "", 2);
        client.pubrec(1);
        serve("62 02 0001");
        client.expectPubrel(1).pubcomp(1);
        serve("32 05 0001 74 0001");
        client.expectPublish("t", "", 1);
    }

    @Test
    void packetId_acknowledgedBeforeItWasLookedAt_isFree() {
        connect();
        serve("32 05 0001 74 0001");
        client.puback(1);
        serve("32 05 0001 74 0001");

        assertThat(client.drain()).hasSize(2);
    }

    @Test
    void sendRaw_noMqtt_endsTheCheckOfAnswers() {
        connect();
        client.sendRaw(hex("30 80 80 80 80 80"));
        serve("40 02 0001");

        client.expectPuback(1);
    }

    @Test
    void sendCut_partsOfAPacket_areReadAlong() {
        connect();
        client.sendCut(Packets.subscribe(9, entry("a/b", 1), entry("a/b", 2)), 1);
        serve("90 04 0009 0102");

        client.expectSuback(9, 1, 2);
    }

    @Test
    void next_nothingComes_failsTheTest() {
        connect();

        assertThatThrownBy(client::next)
                .isInstanceOf(AssertionError.class)
                .hasMessage("nothing came (expected: a packet)");
    }

    @Test
    void next_afterTheEnd_saysSo() {
        connect();
        closeByBroker();

        assertThatThrownBy(() -> client.expectPuback(1)).hasMessageStartingWith("the connection was closed");
    }

    @Test
    void expectPublish_other_saysBoth() {
        connect();
        serve("30 04 0001 74 78");

        assertThatThrownBy(() -> client.expectPublish("t", "y"))
                .hasMessageContaining("Publish[topic=t, payload=x, qos=0")
                .hasMessageContaining("\"y\"");
    }

    @Test
    void expect_otherType_saysWhatCame() {
        connect();
        serve("30 04 0001 74 78");

        assertThatThrownBy(() -> client.expectPuback(1)).hasMessageContaining("Publish[topic=t");
    }

    @Test
    void expectNothing_somethingCame_failsTheTest() {
        connect();
        client.expectNothing();
        serve("30 04 0001");

        assertThatThrownBy(client::expectNothing).hasMessageContaining("part of a packet");
        serve("74 78");
        assertThatThrownBy(client::expectNothing).hasMessageContaining("should not come");
    }

    @Test
    void expectNothing_closed_failsTheTest() {
        connect();
        closeByBroker();

        assertThatThrownBy(client::expectNothing).hasMessageContaining("closed");
    }

    @Test
    void expectClosed_closed_isRight() {
        connect();
        assertThatThrownBy(client::expectClosed).hasMessageContaining("closed");

        closeByBroker();
        client.expectClosed();
    }

    @ParameterizedTest
    @ValueSource(strings = {"30 04 0001 74 78", "30 04 0001"})
    void expectClosed_somethingBefore_failsTheTest(String bytes) {
        connect();
        serve(bytes);
        closeByBroker();

        assertThatThrownBy(client::expectClosed).isInstanceOf(AssertionError.class);
    }

    @Test
    void awaitPacket_keepsTheOrderOfTheOthers() {
        connect();
        client.publish("t", "", 1, 1);
        serve("30 03 0001 61", "30 03 0001 62", "40 02 0001", "30 03 0001 63");

        client.awaitPacket(ServerPacket.Puback.class::isInstance);

        assertThat(client.drain())
                .extracting(each -> ((ServerPacket.Publish) each).topic())
                .containsExactly("a", "b", "c");
    }

    @Test
    void wholeExchanges_answeredByABroker_passWhatCameBetween() {
        LoopbackTransport other = LoopbackTransport.create(FakeClock.create());
        TinyBroker.doing(TestClientTest::answer).on(other);

        TestClient connected = TestClient.connected(other.connect(), "a").subscribed("t", 1);
        connected.published("t", "x", 0).published("t", "x", 1).published("t", "x", 2);

        assertThat(connected.drain()).hasSize(3).allMatch(ServerPacket.Publish.class::isInstance);
    }

    @Test
    void acknowledgeAll_answersEverything() {
        connect();
        client.acknowledgeAll().publish("t", "", 2, 7);
        serve("32 05 0001 74 0001", "34 05 0001 74 0002", "50 02 0007");
        assertThat(client.drain()).hasSize(2).allMatch(ServerPacket.Publish.class::isInstance);
        assertThat(lastSent()).isEqualTo(Packets.pubrel(7));

        serve("62 02 0002", "70 02 0007");
        assertThat(client.drain()).containsExactly(new ServerPacket.Pubcomp(7));
        assertThat(lastSent()).isEqualTo(Packets.pubcomp(2));
    }

    @Test
    void nextPacketId_afterTheLast_startsAgain() {
        for (int i = 1; i <= 65_535; i++) {
            assertThat(client.nextPacketId()).isEqualTo(i);
        }
        assertThat(client.nextPacketId()).isEqualTo(1);
    }

    @Test
    void close_endsTheConnection() {
        client.close();

        assertThat(pipe.isOpen()).isFalse();
        assertThat(broker.only().log).endsWith("closed");
    }

    /** A server that knows one packet at a time, and sends a PUBLISH before each acknowledgement. */
    private static void answer(TinyBroker.Connection connection, byte[] packet) {
        byte[] publish = hex("30 03 0001 74");
        byte[] id = packet.length < 4 ? new byte[0] : new byte[] {packet[packet.length - 3], packet[packet.length - 2]};
        switch ((packet[0] & 0xF0) >> 4) {
            case 1 -> connection.send(hex(CONNACK));
            case 8 -> connection.send(hex("90 03 0001 01"));
            case 3 -> answerPublish(connection, packet[0] >> 1 & 3, concat(id));
            case 6 -> connection.send(concat(publish, hex("70 02 0003")));
            default -> throw new IllegalStateException("type " + packet[0]);
        }
    }

    private static void answerPublish(TinyBroker.Connection connection, int qos, byte[] id) {
        byte[] publish = hex("30 03 0001 74");
        switch (qos) {
            case 1 -> connection.send(concat(publish, hex("40 02"), id));
            case 2 -> connection.send(concat(publish, hex("50 02"), id));
            default -> {}
        }
    }

    private void connect() {
        client.connect(c -> c.clientId("a"));
        serve(CONNACK);
        client.expectConnack(0, false);
    }

    private void serve(String... bytes) {
        List.of(bytes).forEach(each -> serve(hex(each)));
    }

    private void serve(byte[] bytes) {
        broker.only().run(() -> broker.only().send(bytes));
    }

    private void closeByBroker() {
        broker.only().run(broker.only().channel::close);
    }

    private byte[] lastSent() {
        List<byte[]> received = broker.only().received;
        return received.get(received.size() - 1);
    }

    private static void assertBreach(String clause, ThrowingCallable action) {
        assertThatThrownBy(action)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("the server broke [" + clause + "]");
    }

    private static ServerPacket publish(String topic, String text, int qos, boolean retain, boolean dup, int packetId) {
        return new ServerPacket.Publish(topic, Payload.utf8(text), qos, retain, dup, packetId);
    }
}
