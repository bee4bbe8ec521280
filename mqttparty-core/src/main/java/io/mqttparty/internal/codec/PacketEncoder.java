package io.mqttparty.internal.codec;

import io.mqttparty.internal.packet.Connack;
import io.mqttparty.internal.packet.Connect;
import io.mqttparty.internal.packet.Packet;
import io.mqttparty.internal.packet.PacketType;
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
import io.mqttparty.model.QoS;
import java.nio.ByteBuffer;

/**
 * Encodes packets of MQTT 3.1.1 in two passes: the length first, then the bytes into exactly that space of a buffer, heap or direct, in
 * the byte order that new buffers have. Stateless, for any thread. PUBLISH, the acknowledgements and PINGRESP do without a packet object.
 */
public final class PacketEncoder {
    /** The length of PUBACK, PUBREC, PUBREL and PUBCOMP. */
    public static final int ACKNOWLEDGEMENT_LENGTH = 4;

    /** The length of PINGRESP. */
    public static final int PINGRESP_LENGTH = 2;

    private static final int PACKET_ID_LENGTH = 2;

    private PacketEncoder() {}

    /** The length of a PUBLISH of this message at this quality of service. */
    public static int publishLength(Message message, QoS qos) {
        return FixedHeader.frameLength(remainingLength(message, qos));
    }

    /**
     * Writes a PUBLISH of this message. Quality of service and RETAIN of the message itself do not count: they belong to the delivery.
     *
     * @param packetId 1 to 65,535; not written at QoS 0
     * @param dup must be false at QoS 0 [MQTT-3.3.1-2]
     */
    public static void writePublish(
            ByteBuffer target, Message message, int packetId, QoS qos, boolean dup, boolean retain) {
        int flags = (dup ? FixedHeader.DUP : 0) | qos.value() << 1 | (retain ? FixedHeader.RETAIN : 0);
        FixedHeader.write(target, PacketType.PUBLISH, flags, remainingLength(message, qos));
        target.putShort((short) message.topic().utf8Length());
        message.topic().writeUtf8(target);
        if (qos != QoS.AT_MOST_ONCE) { // [MQTT-2.3.1-5]
            target.putShort((short) packetId);
        }
        message.payload().writeTo(target);
    }

    /** Writes PUBACK, PUBREC, PUBREL or PUBCOMP, {@link #ACKNOWLEDGEMENT_LENGTH} bytes. */
    public static void writeAcknowledgement(ByteBuffer target, PacketType type, int packetId) {
        writeWithPacketId(target, type, PACKET_ID_LENGTH, packetId);
    }

    /** Writes PINGRESP, {@link #PINGRESP_LENGTH} bytes. */
    public static void writePingresp(ByteBuffer target) {
        FixedHeader.write(target, PacketType.PINGRESP, 0, 0);
    }

    /** The length of the packet with its fixed header. */
    public static int length(Packet packet) {
        return FixedHeader.frameLength(remainingLength(packet));
    }

    /** Writes the packet, {@link #length} bytes. */
    public static void write(Packet packet, ByteBuffer target) {
        PacketType type = packet.type();
        switch (type) {
            case CONNECT -> ConnectEncoder.write((Connect) packet, remainingLength(packet), target);
            case CONNACK -> writeConnack((Connack) packet, target);
            case PUBLISH -> writePublish((Publish) packet, target);
            case PUBACK -> writeAcknowledgement(target, type, ((Puback) packet).packetId());
            case PUBREC -> writeAcknowledgement(target, type, ((Pubrec) packet).packetId());
            case PUBREL -> writeAcknowledgement(target, type, ((Pubrel) packet).packetId());
            case PUBCOMP -> writeAcknowledgement(target, type, ((Pubcomp) packet).packetId());
            case SUBSCRIBE -> SubscriptionEncoder.write((Subscribe) packet, remainingLength(packet), target);
            case SUBACK -> SubscriptionEncoder.write((Suback) packet, remainingLength(packet), target);
            case UNSUBSCRIBE -> SubscriptionEncoder.write((Unsubscribe) packet, remainingLength(packet), target);
            case UNSUBACK -> writeAcknowledgement(target, type, ((Unsuback) packet).packetId());
            case PINGREQ, PINGRESP, DISCONNECT -> FixedHeader.write(target, type, 0, 0);
            case RESERVED_0, RESERVED_15 ->
                throw new IllegalArgumentException("type: " + type + " (expected: a packet)");
        }
    }

    private static int remainingLength(Packet packet) {
        return switch (packet.type()) {
            case CONNECT -> ConnectEncoder.remainingLength((Connect) packet);
            case PUBLISH -> publishRemainingLength((Publish) packet);
            case SUBSCRIBE -> SubscriptionEncoder.remainingLength((Subscribe) packet);
            case SUBACK -> SubscriptionEncoder.remainingLength((Suback) packet);
            case UNSUBSCRIBE -> SubscriptionEncoder.remainingLength((Unsubscribe) packet);
            case CONNACK, PUBACK, PUBREC, PUBREL, PUBCOMP, UNSUBACK -> PACKET_ID_LENGTH;
            case PINGREQ, PINGRESP, DISCONNECT, RESERVED_0, RESERVED_15 -> 0;
        };
    }

    private static int publishRemainingLength(Publish publish) {
        return remainingLength(publish.message(), publish.message().qos());
    }

    private static int remainingLength(Message message, QoS qos) {
        int packetId = qos == QoS.AT_MOST_ONCE ? 0 : PACKET_ID_LENGTH;
        return 2 + message.topic().utf8Length() + packetId + message.payload().size();
    }

    private static void writePublish(Publish publish, ByteBuffer target) {
        Message message = publish.message();
        writePublish(target, message, publish.packetId(), message.qos(), publish.dup(), message.retain());
    }

    private static void writeConnack(Connack connack, ByteBuffer target) {
        FixedHeader.write(target, PacketType.CONNACK, 0, 2);
        target.put((byte) (connack.sessionPresent() ? 1 : 0));
        target.put((byte) connack.code().ordinal());
    }

    /** Writes the fixed header and the packet id that follows it. */
    static void writeWithPacketId(ByteBuffer target, PacketType type, int remainingLength, int packetId) {
        FixedHeader.write(target, type, FixedHeader.flagsOf(type), remainingLength);
        target.putShort((short) packetId);
    }
}
