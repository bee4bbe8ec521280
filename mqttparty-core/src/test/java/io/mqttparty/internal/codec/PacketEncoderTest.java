package io.mqttparty.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.mqttparty.internal.packet.Connack;
import io.mqttparty.internal.packet.ConnackCode;
import io.mqttparty.internal.packet.Connect;
import io.mqttparty.internal.packet.Disconnect;
import io.mqttparty.internal.packet.Packet;
import io.mqttparty.internal.packet.PacketType;
import io.mqttparty.internal.packet.Pingreq;
import io.mqttparty.internal.packet.Pingresp;
import io.mqttparty.internal.packet.Puback;
import io.mqttparty.internal.packet.Pubcomp;
import io.mqttparty.internal.packet.Publish;
import io.mqttparty.internal.packet.Pubrec;
import io.mqttparty.internal.packet.Pubrel;
import io.mqttparty.internal.packet.Suback;
import io.mqttparty.internal.packet.Subscribe;
import io.mqttparty.internal.packet.Unsuback;
import io.mqttparty.internal.packet.Unsubscribe;
import io.mqttparty.model.Message;
import io.mqttparty.model.Payload;
import io.mqttparty.model.ProtocolVersion;
import io.mqttparty.model.QoS;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.Will;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class PacketEncoderTest {
    private static final Message MESSAGE = Message.of("a/b", "hi", QoS.AT_LEAST_ONCE);

    static Stream<Arguments> goldenBytes() {
        return Stream.of(
                golden("10 0D 0004 'MQTT' 04 02 003C 0001 'c'", connect(ProtocolVersion.MQTT_3_1_1, true)),
                golden("10 0F 0006 'MQIsdp' 03 00 003C 0001 'c'", connect(ProtocolVersion.MQTT_3_1, false)),
                golden(
                        "10 1C 0004 'MQTT' 04 EC 0000 0001 'c' 0003 'a/b' 0002 'hi' 0001 'u' 0001 'p'",
                        new Connect(
                                ProtocolVersion.MQTT_3_1_1,
                                "c",
                                false,
                                0,
                                Optional.of(new Will(MESSAGE.withRetain(true))),
                                Optional.of("u"),
                                Optional.of(Payload.utf8("p")))),
                golden("20 02 01 00", new Connack(true, ConnackCode.ACCEPTED)),
                golden("20 02 00 05", new Connack(false, ConnackCode.NOT_AUTHORIZED)),
                golden("30 07 0003 'a/b' 'hi'", new Publish(MESSAGE.withQos(QoS.AT_MOST_ONCE), 0, false)),
                golden("3B 09 0003 'a/b' 0102 'hi'", new Publish(MESSAGE.withRetain(true), 258, true)),
                golden("34 09 0003 'a/b' FFFF 'hi'", new Publish(MESSAGE.withQos(QoS.EXACTLY_ONCE), 65_535, false)),
                golden("40 02 0001", new Puback(1)),
                golden("50 02 0002", new Pubrec(2)),
                golden("62 02 0003", new Pubrel(3)),
                golden("70 02 FFFF", new Pubcomp(65_535)),
                golden(
                        "82 0C 0007 0003 'a/+' 02 0001 '#' 00",
                        new Subscribe(
                                7,
                                List.of(
                                        Subscription.of("a/+", QoS.EXACTLY_ONCE),
                                        Subscription.of("#", QoS.AT_MOST_ONCE)))),
                golden("90 06 0007 00 01 02 80", new Suback(7, List.of(0, 1, 2, Suback.FAILURE))),
                golden("A2 06 0007 0002 C3BC", new Unsubscribe(7, List.of(TopicFilter.of("ü")))),
                golden("B0 02 0007", new Unsuback(7)),
                golden("C0 00", new Pingreq()),
                golden("D0 00", new Pingresp()),
                golden("E0 00", new Disconnect()));
    }

    @ParameterizedTest
    @MethodSource("goldenBytes")
    @Tag("MQTT-2.2.2-1")
    @Tag("MQTT-2.3.1-5")
    @Tag("MQTT-3.9.3-1")
    void packet_encoded_isTheseBytes(byte[] expected, Packet packet) {
        assertThat(Wire.encode(packet)).isEqualTo(expected);
        assertThat(PacketType.of((expected[0] & 0xFF) >> 4)).isEqualTo(packet.type());
    }

    @Test
    void publish_ofAnySize_hasTheLengthOfItsBytes() {
        for (int size : new int[] {0, 1, 122, 123, 16_378, 16_379, 2_097_146, 2_097_147}) {
            Message message = MESSAGE.withPayload(Payload.copyOf(new byte[size]));
            for (QoS qos : QoS.values()) {
                int length = PacketEncoder.publishLength(message, qos);
                ByteBuffer target = ByteBuffer.allocateDirect(length);
                PacketEncoder.writePublish(target, message, 1, qos, false, false);
                assertThat(target.hasRemaining()).isFalse();
                assertThat(FrameDecoder.frameLength(target.flip(), Integer.MAX_VALUE))
                        .isEqualTo(length);
            }
        }
    }

    @Test
    void publish_asADelivery_takesQosAndRetainOfTheDelivery() {
        ByteBuffer target = ByteBuffer.allocate(11);
        PacketEncoder.writePublish(target, MESSAGE, 5, QoS.EXACTLY_ONCE, true, true);
        assertThat(target.array()).isEqualTo(Wire.bytes("3D 09 0003 'a/b' 0005 'hi'"));
    }

    @Test
    void hotForms_written_areTheBytesOfThePackets() {
        ByteBuffer target = ByteBuffer.allocate(PacketEncoder.ACKNOWLEDGEMENT_LENGTH + PacketEncoder.PINGRESP_LENGTH);
        PacketEncoder.writeAcknowledgement(target, PacketType.PUBREL, 258);
        PacketEncoder.writePingresp(target);
        assertThat(target.array()).isEqualTo(Wire.bytes("62 02 0102 D0 00"));
    }

    @Test
    void field_longerThanItsPrefixCanSay_isRefused() {
        Connect connect = new Connect(
                ProtocolVersion.MQTT_3_1_1,
                "ü".repeat(32_768),
                true,
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PacketEncoder.length(connect))
                .withMessage("field: 65536 bytes (expected: at most 65535)");
    }

    private static Arguments golden(String notation, Packet packet) {
        return Arguments.of(Wire.bytes(notation), packet);
    }

    private static Connect connect(ProtocolVersion version, boolean cleanSession) {
        return new Connect(version, "c", cleanSession, 60, Optional.empty(), Optional.empty(), Optional.empty());
    }
}
