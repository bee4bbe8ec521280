package io.mqttparty.testkit;

import static io.mqttparty.testkit.Packets.hex;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The packets of a client against bytes that were put together by hand from the figures of the standard. */
final class PacketsTest {
    @Test
    void connect_plain() {
        assertThat(Packets.connect(c -> c.clientId("a"))).isEqualTo(hex("10 0d 0004 4d515454 04 02 0000 0001 61"));
    }

    @Test
    void connect_withEverything() {
        byte[] packet = Packets.connect(c -> c.clientId("a")
                .cleanSession(false)
                .keepAlive(300)
                .will("w", "bye", 2, true)
                .username("u")
                .password("pw"));

        assertThat(packet)
                .isEqualTo(hex("10 1c 0004 4d515454 04 f4 012c 0001 61 0001 77 0003 627965 0001 75 0002 7077"));
    }

    @Test
    void connect_illegal() {
        byte[] packet = Packets.connect(
                c -> c.protocolName("MQIsdp").protocolLevel(3).flags(0xFF).password(new byte[] {(byte) 0xFF}));

        assertThat(packet).isEqualTo(hex("10 11 0006 4d5149736470 03 ff 0000 0000 0001 ff"));
    }

    @Test
    void publish_qos0_hasNoPacketId() {
        assertThat(Packets.publish("a/b", "hi", 0, false, 10, false)).isEqualTo(hex("30 07 0003 612f62 6869"));
    }

    @Test
    void publish_flags() {
        assertThat(Packets.publish("t", "", 1, true, 10, false)).isEqualTo(hex("33 05 0001 74 000a"));
        assertThat(Packets.publish("t", "", 2, false, 0x1234, true)).isEqualTo(hex("3c 05 0001 74 1234"));
        assertThat(Packets.publish("t", "", 3, false, 0, false)).isEqualTo(hex("36 05 0001 74 0000"));
    }

    @Test
    void publish_long_hasALongerHeader() {
        assertThat(Packets.publish("t", "x".repeat(200), 0, false, 0, false)).startsWith(hex("30 cb 01 0001 74 78"));
    }

    @Test
    void acknowledgements() {
        assertThat(Packets.puback(7)).isEqualTo(hex("40 02 0007"));
        assertThat(Packets.pubrec(7)).isEqualTo(hex("50 02 0007"));
        assertThat(Packets.pubrel(7)).isEqualTo(hex("62 02 0007"));
        assertThat(Packets.pubcomp(65_535)).isEqualTo(hex("70 02 ffff"));
    }

    @Test
    void subscribe_andUnsubscribe() {
        assertThat(Packets.subscribe(10, entry("a/b", 1), entry("c/d", 2)))
                .isEqualTo(hex("82 0e 000a 0003 612f62 01 0003 632f64 02"));
        assertThat(Packets.subscribe(10, "a", 0)).isEqualTo(hex("82 06 000a 0001 61 00"));
        assertThat(Packets.unsubscribe(10, "a/b", "c")).isEqualTo(hex("a2 0a 000a 0003 612f62 0001 63"));
        assertThat(Packets.subscribe(10)).isEqualTo(hex("82 02 000a"));
        assertThat(Packets.unsubscribe(10)).isEqualTo(hex("a2 02 000a"));
    }

    @Test
    void pingreq_andDisconnect() {
        assertThat(Packets.pingreq()).isEqualTo(hex("c0 00"));
        assertThat(Packets.disconnect()).isEqualTo(hex("e0 00"));
    }

    @Test
    void varint_examplesOfTheStandard() {
        assertThat(Packets.varint(0)).isEqualTo(hex("00"));
        assertThat(Packets.varint(127)).isEqualTo(hex("7f"));
        assertThat(Packets.varint(128)).isEqualTo(hex("80 01"));
        assertThat(Packets.varint(16_383)).isEqualTo(hex("ff 7f"));
        assertThat(Packets.varint(16_384)).isEqualTo(hex("80 80 01"));
        assertThat(Packets.varint(2_097_152)).isEqualTo(hex("80 80 80 01"));
        assertThat(Packets.varint(268_435_455)).isEqualTo(hex("ff ff ff 7f"));
        assertThat(Packets.varint(268_435_456)).isEqualTo(hex("80 80 80 80 01"));
    }

    @Test
    void varint_ofAnyWidth() {
        assertThat(Packets.varint(0, 4)).isEqualTo(hex("80 80 80 00"));
        assertThat(Packets.varint(5, 6)).isEqualTo(hex("85 80 80 80 80 00"));
    }

    @Test
    void parts_ofIllegalPackets() {
        assertThat(Packets.fixedHeader(15, 9, 321)).isEqualTo(hex("f9 c1 02"));
        assertThat(Packets.packet(8, 0, Packets.uint16(1), Packets.lengthPrefixed(Packets.bytes(0xC0, 0x80))))
                .isEqualTo(hex("80 06 0001 0002 c080"));
        assertThat(Packets.string("é")).isEqualTo(hex("0002 c3a9"));
    }
}
