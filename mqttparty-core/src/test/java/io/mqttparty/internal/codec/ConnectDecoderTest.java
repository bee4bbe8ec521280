package io.mqttparty.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.internal.packet.Connect;
import io.mqttparty.model.MalformedPacketException;
import io.mqttparty.model.Message;
import io.mqttparty.model.Payload;
import io.mqttparty.model.ProtocolVersion;
import io.mqttparty.model.QoS;
import io.mqttparty.model.ReasonCode;
import io.mqttparty.model.TopicName;
import io.mqttparty.model.Will;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConnectDecoderTest {
    private static final String MQTT = "0004 'MQTT' 04";

    @Test
    void connect_ofFewestBytes_isDecoded() {
        assertThat(Wire.decodeOne("10 0C 0004 'MQTT' 04 02 003C 0000"))
                .isEqualTo(new Connect(
                        ProtocolVersion.MQTT_3_1_1,
                        "",
                        true,
                        60,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
    }

    @Test
    @Tag("MQTT-3.1.3-1")
    @Tag("MQTT-3.1.2-9")
    @Tag("MQTT-3.1.2-19")
    @Tag("MQTT-3.1.2-21")
    void connect_withAllFields_isDecodedInTheOrderOfThePayload() {
        Message will =
                new Message(TopicName.of("w/t"), Payload.copyOf(new byte[] {0, (byte) 0xFF}), QoS.EXACTLY_ONCE, true);
        assertThat(connect("F4 FFFF 0001 'c' 0003 'w/t' 0002 00FF 0001 'u' 0002 0080"))
                .isEqualTo(new Connect(
                        ProtocolVersion.MQTT_3_1_1,
                        "c",
                        false,
                        65_535,
                        Optional.of(new Will(will)),
                        Optional.of("u"),
                        Optional.of(Payload.copyOf(new byte[] {0, (byte) 0x80}))));
    }

    @Test
    void connect_withEmptyUsernamePasswordAndWillMessage_hasThem() {
        Connect connect = connect("C6 0000 0001 'c' 0001 't' 0000 0000 0000");
        assertThat(connect.will().orElseThrow().message().payload()).isEqualTo(Payload.EMPTY);
        assertThat(connect.username()).contains("");
        assertThat(connect.password()).contains(Payload.EMPTY);
    }

    @Test
    void connect_ofMqtt31_isDecoded() {
        Connect connect = (Connect) Wire.decodeOne("10 0F 0006 'MQIsdp' 03 02 000A 0001 'c'");
        assertThat(connect.version()).isEqualTo(ProtocolVersion.MQTT_3_1);
        assertThat(connect.clientId()).isEqualTo("c");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0004 'mqtt' 04", "0004 'MQTX' 04", "0000 04", "0005 'MQTT5' 05", "0003 'MQT' 04", "FFFF 'MQTT'"
            })
    @Tag("MQTT-3.1.2-1")
    void protocolName_unknown_isMalformed(String start) {
        MalformedPacketException failure = failureOf(start + " 02 003C 0000");
        assertThat(failure.clause()).isEqualTo("MQTT-3.1.2-1");
        assertThat(failure.reasonCode()).isEqualTo(ReasonCode.MALFORMED_PACKET);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0004 'MQTT' 00",
                "0004 'MQTT' 03",
                "0004 'MQTT' 05",
                "0004 'MQTT' 84",
                "0006 'MQIsdp' 04",
                "0006 'MQIsdp' 83"
            })
    @Tag("MQTT-3.1.2-2")
    void protocolLevel_notServed_isToldApart(String start) {
        // The rest of such a packet has a form that only its own version knows.
        MalformedPacketException failure = failureOf(start + " FF FF");
        assertThat(failure.clause()).isEqualTo("MQTT-3.1.2-2");
        assertThat(failure.reasonCode()).isEqualTo(ReasonCode.UNSUPPORTED_PROTOCOL_VERSION);
    }

    @ParameterizedTest
    @CsvSource({
        "03, MQTT-3.1.2-3",
        "FF, MQTT-3.1.2-3", // the reserved bit
        "0A, MQTT-3.1.2-13",
        "12, MQTT-3.1.2-13",
        "1A, MQTT-3.1.2-13", // will QoS without will
        "22, MQTT-3.1.2-15", // will retain without will
        "1E, MQTT-3.1.2-14",
        "3C, MQTT-3.1.2-14", // will QoS 3
        "42, MQTT-3.1.2-22",
        "40, MQTT-3.1.2-22",
        "46, MQTT-3.1.2-22" // password without user name
    })
    @Tag("MQTT-3.1.2-3")
    @Tag("MQTT-3.1.2-11")
    @Tag("MQTT-3.1.2-13")
    @Tag("MQTT-3.1.2-14")
    @Tag("MQTT-3.1.2-15")
    @Tag("MQTT-3.1.2-22")
    void flags_thatContradict_areMalformed(String flags, String clause) {
        assertThat(failureOf(MQTT + flags + "003C 0001 'c'").clause()).isEqualTo(clause);
    }

    @ParameterizedTest
    @CsvSource({
        "02 003C, MQTT-3.1.3-3",
        "02 003C 0005 `abcd`, MQTT-3.1.3-3",
        "06 003C 0001 `c`, MQTT-3.1.2-9",
        "06 003C 0001 `c` 0001 `t`, MQTT-3.1.2-9",
        "82 003C 0001 `c`, MQTT-3.1.2-19",
        "C2 003C 0001 `c` 0001 `u`, MQTT-3.1.2-21",
        "C2 003C 0001 `c` 0001 `u` 0002 `p`, MQTT-3.1.2-21",
        "02 00, 3.1.2.10"
    })
    @Tag("MQTT-3.1.3-3")
    @Tag("MQTT-3.1.2-9")
    @Tag("MQTT-3.1.2-19")
    @Tag("MQTT-3.1.2-21")
    void field_missingOrCut_isMalformed(String rest, String clause) {
        assertThat(failureOf(MQTT + rest.replace('`', '\'')).clause()).isEqualTo(clause);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "02 003C 0001 'c' 00",
                "02 003C 0001 'c' 0001 'u'",
                "02 003C 0001 'c' 0001 't' 0001 'm'",
                "82 003C 0001 'c' 0001 'u' 0001 'p'"
            })
    @Tag("MQTT-3.1.4-1")
    @Tag("MQTT-3.1.2-11")
    @Tag("MQTT-3.1.2-18")
    @Tag("MQTT-3.1.2-20")
    void bytes_leftOver_areMalformed(String rest) {
        assertThat(failureOf(MQTT + rest).clause()).isEqualTo("MQTT-3.1.4-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"02 003C 0002 C080", "06 003C 0001 'c' 0003 EDA080 0000", "82 003C 0001 'c' 0001 FF"})
    @Tag("MQTT-3.1.3-4")
    @Tag("MQTT-3.1.3-10")
    @Tag("MQTT-3.1.3-11")
    @Tag("MQTT-1.5.3-1")
    void text_illFormed_isMalformed(String rest) {
        assertThat(failureOf(MQTT + rest).clause()).isEqualTo("MQTT-1.5.3-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"02 003C 0001 00", "06 003C 0001 'c' 0002 'a' 00 0000", "82 003C 0001 'c' 0002 00 'a'"})
    @Tag("MQTT-1.5.3-2")
    void text_withNul_isMalformed(String rest) {
        assertThat(failureOf(MQTT + rest).clause()).isEqualTo("MQTT-1.5.3-2");
    }

    @ParameterizedTest
    @CsvSource({"0000, MQTT-4.7.3-1", "0001 2B, MQTT-4.7.1-1", "0003 612F23, MQTT-4.7.1-1"})
    @Tag("MQTT-4.7.1-1")
    @Tag("MQTT-4.7.3-1")
    void willTopic_notAllowed_isMalformed(String topic, String clause) {
        MalformedPacketException failure = failureOf(MQTT + "06 003C 0001 'c'" + topic + "0000");
        assertThat(failure.clause()).isEqualTo(clause);
        assertThat(failure.reasonCode()).isEqualTo(ReasonCode.TOPIC_NAME_INVALID);
    }

    @Test
    @Tag("MQTT-1.5.3-3")
    @Tag("MQTT-3.1.3-5")
    void clientId_withByteOrderMarkOrAllLettersAndDigits_isKept() {
        assertThat(connect("02 003C 0004 EFBBBF 'c'").clientId()).isEqualTo("\uFEFFc");
        assertThat(connect("02 003C 0017 '0123456789abcdefXYZwvut'").clientId()).isEqualTo("0123456789abcdefXYZwvut");
    }

    private static Connect connect(String rest) {
        return (Connect) Wire.decodeOne(Wire.frame(0x10, Wire.bytes(MQTT + rest)));
    }

    private static MalformedPacketException failureOf(String body) {
        return Wire.failure(Wire.frame(0x10, Wire.bytes(body)));
    }
}
