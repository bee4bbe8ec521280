package io.mqttparty.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.internal.packet.Puback;
import io.mqttparty.internal.packet.Pubcomp;
import io.mqttparty.internal.packet.Publish;
import io.mqttparty.internal.packet.Pubrec;
import io.mqttparty.internal.packet.Pubrel;
import io.mqttparty.model.MalformedPacketException;
import io.mqttparty.model.Message;
import io.mqttparty.model.Payload;
import io.mqttparty.model.QoS;
import io.mqttparty.model.ReasonCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PublishDecoderTest {
    @Test
    @Tag("MQTT-2.3.1-5")
    void publish_qos0_hasNoPacketId() {
        assertThat(Wire.decodeOne("30 07 0003 'a/b' 0001"))
                .isEqualTo(new Publish(
                        Message.of("a/b", "", QoS.AT_MOST_ONCE).withPayload(Payload.copyOf(new byte[] {0, 1})),
                        0,
                        false));
    }

    @Test
    void publish_qos1WithDupAndRetain_isDecoded() {
        assertThat(Wire.decodeOne("3B 09 0003 'a/b' FFFF 'hi'"))
                .isEqualTo(
                        new Publish(Message.of("a/b", "hi", QoS.AT_LEAST_ONCE).withRetain(true), 65_535, true));
    }

    @Test
    void publish_qos2WithoutPayload_isDecoded() {
        assertThat(Wire.decodeOne("34 05 0001 '/' 0102"))
                .isEqualTo(new Publish(Message.of("/", "", QoS.EXACTLY_ONCE), 258, false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"32 05 0001 't' 0000", "34 06 0001 't' 0000 41", "32 03 0001 't'", "32 04 0001 't' 01"})
    @Tag("MQTT-2.3.1-1")
    void packetId_zeroOrMissing_isMalformed(String bytes) {
        assertThat(Wire.failure(bytes).clause()).isEqualTo("MQTT-2.3.1-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"30 00", "30 01 00", "30 02 0001", "30 04 0003 'ab'", "30 03 FFFF 'a'"})
    @Tag("MQTT-3.3.2-1")
    void topic_missingOrCut_isMalformed(String bytes) {
        assertThat(Wire.failure(bytes).clause()).isEqualTo("MQTT-3.3.2-1");
    }

    @ParameterizedTest
    @CsvSource({
        "2B, MQTT-4.7.1-1", "23, MQTT-4.7.1-1", "612F2B2F62, MQTT-4.7.1-1", "612B, MQTT-4.7.1-1",
                "612F23, MQTT-4.7.1-1",
        "00, MQTT-1.5.3-2", "6100, MQTT-1.5.3-2", "C080, MQTT-1.5.3-1", "EDA080, MQTT-1.5.3-1", "61FF, MQTT-1.5.3-1"
    })
    @Tag("MQTT-3.3.2-1")
    @Tag("MQTT-3.3.2-2")
    @Tag("MQTT-4.7.1-1")
    @Tag("MQTT-4.7.3-2")
    void topic_notAllowed_isMalformed(String topic, String clause) {
        assertThat(publishTo(Wire.bytes(topic)).clause()).isEqualTo(clause);
    }

    @Test
    @Tag("MQTT-4.7.3-1")
    void topic_empty_isMalformed() {
        assertThat(publishTo(new byte[0]).clause()).isEqualTo("MQTT-4.7.3-1");
    }

    @Test
    @Tag("MQTT-1.5.3-3")
    @Tag("MQTT-4.7.3-4")
    void topic_withByteOrderMarkOrDecomposedLetter_isKeptAsItCame() {
        assertThat(((Publish) Wire.decodeOne("30 06 0004 EFBBBF 't'"))
                        .message()
                        .topic()
                        .value())
                .isEqualTo("\uFEFFt");
        assertThat(((Publish) Wire.decodeOne("30 05 0003 'u' CC88"))
                        .message()
                        .topic()
                        .value())
                .isEqualTo("u\u0308");
    }

    @Test
    void topic_atTheLimits_isAcceptedAndBeyondMalformed() {
        assertThat(publishTo(ascii("a".repeat(4096)))).isNull();
        assertThat(publishTo(ascii("/".repeat(200)))).isNull();
        assertThat(publishTo(ascii("a".repeat(4097))).clause()).isEqualTo("4.7.3");
        MalformedPacketException deep = publishTo(ascii("/".repeat(201)));
        assertThat(deep.clause()).isEqualTo("4.7.1.1");
        assertThat(deep.reasonCode()).isEqualTo(ReasonCode.TOPIC_NAME_INVALID);
    }

    @Test
    @Tag("MQTT-4.7.3-3")
    void topic_of65535Slashes_isMalformedByDefaultAndDecodedWhereTheLimitsAllowIt() {
        byte[] slashes = ascii("/".repeat(65_535));
        assertThat(publishTo(slashes)).isNotNull();
        byte[] frame = Wire.frame(0x30, Wire.field(slashes));
        RecordingSink sink = new RecordingSink();
        new PacketDecoder(new CodecLimits(65_535, 65_535)).decode(ByteBuffer.wrap(frame), frame.length, sink);
        assertThat(((Publish) sink.packets().get(0)).message().topic().utf8Length())
                .isEqualTo(65_535);
    }

    @Test
    void acknowledgements_ofAllTypes_areDecoded() {
        assertThat(Wire.decodeOne("40 02 0001")).isEqualTo(new Puback(1));
        assertThat(Wire.decodeOne("50 02 00FF")).isEqualTo(new Pubrec(255));
        assertThat(Wire.decodeOne("62 02 0100")).isEqualTo(new Pubrel(256));
        assertThat(Wire.decodeOne("70 02 FFFF")).isEqualTo(new Pubcomp(65_535));
    }

    @ParameterizedTest
    @ValueSource(strings = {"40 02 0000", "50 01 01", "62 00", "70 02 0000"})
    void acknowledgement_withoutPacketId_isMalformed(String bytes) {
        assertThat(Wire.failure(bytes).clause()).isEqualTo("MQTT-2.3.1-1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"40 03 0001 00", "50 04 0001 0001", "62 03 0001 00", "70 03 0001 00", "C0 01 00", "E0 01 00"})
    void bytes_leftOver_areMalformed(String bytes) {
        assertThat(Wire.failure(bytes)).hasMessageContaining("left over");
    }

    private static MalformedPacketException publishTo(byte[] topic) {
        return Wire.failure(Wire.frame(0x30, Wire.field(topic)));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
