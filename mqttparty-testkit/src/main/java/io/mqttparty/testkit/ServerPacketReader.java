package io.mqttparty.testkit;

import io.mqttparty.model.Payload;
import io.mqttparty.testkit.FrameBuffer.Frame;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads what one packet of a server says and accepts nothing that MQTT 3.1.1 does not allow. The order of packets is not its business. */
final class ServerPacketReader {
    private static final List<Integer> SUBACK_CODES = List.of(0, 1, 2, 0x80);

    private ServerPacketReader() {}

    /** The packet, or an AssertionError that says which statement the server broke. */
    static ServerPacket read(Frame frame) {
        return switch (frame.type()) {
            case Packets.CONNACK -> connack(frame);
            case Packets.PUBLISH -> publish(frame);
            case Packets.PUBACK -> new ServerPacket.Puback(onlyPacketId("PUBACK", frame, 0));
            case Packets.PUBREC -> new ServerPacket.Pubrec(onlyPacketId("PUBREC", frame, 0));
            case Packets.PUBREL -> new ServerPacket.Pubrel(onlyPacketId("PUBREL", frame, 2));
            case Packets.PUBCOMP -> new ServerPacket.Pubcomp(onlyPacketId("PUBCOMP", frame, 0));
            case Packets.SUBACK -> suback(frame);
            case Packets.UNSUBACK -> new ServerPacket.Unsuback(onlyPacketId("UNSUBACK", frame, 0));
            case Packets.PINGRESP -> pingresp(frame);
            default -> throw breach("2.2.1", "a server never sends packet type " + frame.type());
        };
    }

    static AssertionError breach(String clause, String what) {
        return new AssertionError("the server broke [" + clause + "]: " + what);
    }

    private static ServerPacket connack(Frame frame) {
        check(frame.flags() == 0, "MQTT-2.2.2-1", "CONNACK has flags " + frame.flags());
        check(frame.body().remaining() == 2, "3.2", "CONNACK has a body of " + size(frame) + " bytes");
        int flags = uint8(frame.body());
        int code = uint8(frame.body());
        check(flags <= 1, "3.2.2.1", "CONNACK has acknowledge flags " + flags);
        check(code <= 5, "3.2.2.3", "CONNACK has return code " + code);
        check(code == 0 || flags == 0, "MQTT-3.2.2-4", "CONNACK with code " + code + " says session present");
        return new ServerPacket.Connack(code, flags == 1);
    }

    private static ServerPacket publish(Frame frame) {
        int qos = frame.flags() >> 1 & 3;
        boolean dup = (frame.flags() & 8) != 0;
        check(qos < 3, "MQTT-3.3.1-4", "PUBLISH has QoS 3");
        check(qos > 0 || !dup, "MQTT-3.3.1-2", "PUBLISH has QoS 0 and DUP 1");
        ByteBuffer body = frame.body();
        String topic = topic(body);
        int packetId = qos == 0 ? 0 : packetId("PUBLISH", body);
        return new ServerPacket.Publish(topic, Payload.copyOf(body), qos, (frame.flags() & 1) != 0, dup, packetId);
    }

    private static String topic(ByteBuffer body) {
        check(body.remaining() >= 2, "3.3.2", "PUBLISH ends before its topic");
        int length = uint16(body);
        check(length > 0, "MQTT-4.7.3-1", "PUBLISH has an empty topic");
        check(body.remaining() >= length, "3.3.2", "PUBLISH ends within its topic");
        String topic = utf8(body.slice(body.position(), length));
        body.position(body.position() + length);
        check(topic.indexOf('\0') < 0, "MQTT-1.5.3-2", "PUBLISH has U+0000 in its topic");
        check(topic.indexOf('+') < 0 && topic.indexOf('#') < 0, "MQTT-3.3.2-2", "PUBLISH to " + topic);
        return topic;
    }

    private static String utf8(ByteBuffer bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString(); // reports what is malformed
        } catch (CharacterCodingException e) {
            throw breach("MQTT-1.5.3-1", "PUBLISH has a topic that is not UTF-8");
        }
    }

    private static ServerPacket suback(Frame frame) {
        check(frame.flags() == 0, "MQTT-2.2.2-1", "SUBACK has flags " + frame.flags());
        check(size(frame) >= 3, "MQTT-3.8.4-5", "SUBACK has a body of " + size(frame) + " bytes");
        int packetId = packetId("SUBACK", frame.body());
        List<Integer> codes = new ArrayList<>();
        while (frame.body().hasRemaining()) {
            codes.add(uint8(frame.body()));
        }
        check(SUBACK_CODES.containsAll(codes), "MQTT-3.9.3-2", "SUBACK has codes " + codes);
        return new ServerPacket.Suback(packetId, codes);
    }

    private static ServerPacket pingresp(Frame frame) {
        check(frame.flags() == 0, "MQTT-2.2.2-1", "PINGRESP has flags " + frame.flags());
        check(size(frame) == 0, "3.13", "PINGRESP has a body of " + size(frame) + " bytes");
        return new ServerPacket.Pingresp();
    }

    private static int onlyPacketId(String name, Frame frame, int flags) {
        check(frame.flags() == flags, "MQTT-2.2.2-1", name + " has flags " + frame.flags());
        check(size(frame) == 2, "2.3.1", name + " has a body of " + size(frame) + " bytes");
        return packetId(name, frame.body());
    }

    private static int packetId(String name, ByteBuffer body) {
        check(body.remaining() >= 2, "2.3.1", name + " ends before its packet id");
        int packetId = uint16(body);
        check(packetId != 0, "2.3.1", name + " has packet id 0");
        return packetId;
    }

    private static int size(Frame frame) {
        return frame.body().limit();
    }

    private static int uint8(ByteBuffer body) {
        return body.get() & 0xFF;
    }

    private static int uint16(ByteBuffer body) {
        return body.getShort() & 0xFFFF;
    }

    private static void check(boolean holds, String clause, String otherwise) {
        if (!holds) {
            throw breach(clause, otherwise);
        }
    }
}
