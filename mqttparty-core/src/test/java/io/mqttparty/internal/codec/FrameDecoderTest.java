package io.mqttparty.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mqttparty.internal.packet.PacketType;
import io.mqttparty.model.MalformedPacketException;
import io.mqttparty.model.ReasonCode;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FrameDecoderTest {
    private static final int NO_LIMIT = Integer.MAX_VALUE;

    @Test
    void noBytes_areOfUnknownLength() {
        assertThat(frameLength("", NO_LIMIT)).isEqualTo(FrameDecoder.UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10", "10 80", "10 80 80", "30 FF FF FF"})
    void header_withoutItsEnd_isOfUnknownLength(String bytes) {
        assertThat(frameLength(bytes, NO_LIMIT)).isEqualTo(FrameDecoder.UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource({
        "30 00, 2",
        "30 01, -3",
        "30 7F, -129",
        "30 80 01, -131",
        "30 FF 7F, -16386",
        "30 80 80 01, -16388",
        "30 FF FF 7F, -2097155",
        "30 80 80 80 01, -2097157",
        "30 FF FF FF 7F, -268435460",
        "40 02 00 01, 4",
        "40 02 00 01 FF, 4",
        "40 02 00, -4"
    })
    void header_complete_tellsTheLength(String bytes, int expected) {
        assertThat(frameLength(bytes, NO_LIMIT)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"C0 80 00, 3", "C0 80 80 80 00, 5", "40 82 00 00 07, 5"})
    void remainingLength_longerThanNeeded_isAccepted(String bytes, int expected) {
        assertThat(frameLength(bytes, NO_LIMIT)).isEqualTo(expected);
        assertThat(Wire.decode(ByteBuffer.wrap(Wire.bytes(bytes)))).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10 80 80 80 80", "10 FF FF FF FF 7F", "30 80 80 80 80 00"})
    void remainingLength_ofFiveBytes_isMalformed(String bytes) {
        assertThat(failure(bytes, NO_LIMIT).clause()).isEqualTo("2.2.3");
    }

    @Test
    void position_insideTheBuffer_countsAndStays() {
        ByteBuffer in = ByteBuffer.wrap(Wire.bytes("FF FF C0 00 FF")).position(2);
        assertThat(FrameDecoder.frameLength(in, NO_LIMIT)).isEqualTo(2);
        assertThat(FrameDecoder.typeOf(in)).isEqualTo(PacketType.PINGREQ);
        assertThat(in.position()).isEqualTo(2);
    }

    @Test
    void size_atTheLimit_isAcceptedAndAboveRefusedBeforeTheBody() {
        assertThat(frameLength("30 80 01", 131)).isEqualTo(-131);
        MalformedPacketException failure = failure("30 81 01", 131);
        assertThat(failure.reasonCode()).isEqualTo(ReasonCode.PACKET_TOO_LARGE);
        assertThat(failure("10 FF FF FF 7F", 8192).reasonCode()).isEqualTo(ReasonCode.PACKET_TOO_LARGE);
    }

    @Test
    @Tag("MQTT-2.2.2-1")
    @Tag("MQTT-2.2.2-2")
    void everyFirstByte_alone_isAcceptedOrRefusedByTheTable() {
        for (int first = 0; first < 256; first++) {
            boolean legal = switch (first) {
                case 0x10, 0x40, 0x50, 0x62, 0x70, 0x82, 0xA2, 0xC0, 0xE0 -> true;
                case 0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x3A, 0x3B, 0x3C, 0x3D -> true;
                default -> false;
            };
            byte[] bytes = {(byte) first};
            assertThat(Wire.failure(bytes) == null).as("%x", first).isEqualTo(legal);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "11, MQTT-2.2.2-2",
        "41, MQTT-2.2.2-2",
        "52, MQTT-2.2.2-2",
        "78, MQTT-2.2.2-2",
        "C1, MQTT-2.2.2-2",
        "00, 2.2.1",
        "F0, 2.2.1",
        "20, 2.2.1",
        "90, 2.2.1",
        "B0, 2.2.1",
        "D0, 2.2.1"
    })
    @Tag("MQTT-2.2.2-2")
    void firstByte_refused_namesTheClause(String bytes, String clause) {
        assertThat(failure(bytes, NO_LIMIT).clause()).isEqualTo(clause);
    }

    @ParameterizedTest
    @ValueSource(strings = {"60", "61", "63", "66", "6A"})
    @Tag("MQTT-3.6.1-1")
    void pubrel_withOtherFlags_isMalformed(String bytes) {
        assertThat(failure(bytes, NO_LIMIT).clause()).isEqualTo("MQTT-3.6.1-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"80", "81", "83", "86", "8A"})
    @Tag("MQTT-3.8.1-1")
    void subscribe_withOtherFlags_isMalformed(String bytes) {
        assertThat(failure(bytes, NO_LIMIT).clause()).isEqualTo("MQTT-3.8.1-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"A0", "A1", "A3", "A6", "AA"})
    @Tag("MQTT-3.10.1-1")
    void unsubscribe_withOtherFlags_isMalformed(String bytes) {
        assertThat(failure(bytes, NO_LIMIT).clause()).isEqualTo("MQTT-3.10.1-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"E1", "E2", "E4", "E8"})
    @Tag("MQTT-3.14.1-1")
    void disconnect_withFlags_isMalformed(String bytes) {
        assertThat(failure(bytes, NO_LIMIT).clause()).isEqualTo("MQTT-3.14.1-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"36", "37", "3E", "3F"})
    @Tag("MQTT-3.3.1-4")
    void publish_atQos3_isMalformed(String bytes) {
        assertThat(failure(bytes, NO_LIMIT).clause()).isEqualTo("MQTT-3.3.1-4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"38", "39"})
    @Tag("MQTT-3.3.1-2")
    void publish_atQos0WithDup_isMalformed(String bytes) {
        assertThat(failure(bytes, NO_LIMIT).clause()).isEqualTo("MQTT-3.3.1-2");
    }

    private static int frameLength(String bytes, int maxPacketSize) {
        return FrameDecoder.frameLength(ByteBuffer.wrap(Wire.bytes(bytes)), maxPacketSize);
    }

    private static MalformedPacketException failure(String bytes, int maxPacketSize) {
        return catchThrowableOfType(MalformedPacketException.class, () -> frameLength(bytes, maxPacketSize));
    }
}
