package io.mqttparty.internal.codec;

import io.mqttparty.internal.packet.PacketType;
import io.mqttparty.model.MalformedPacketException;
import java.nio.ByteBuffer;

/** The fixed header (section 2.2): type, flags, remaining length. */
final class FixedHeader {
    static final int DUP = 0x08;
    static final int QOS = 0x06;
    static final int RETAIN = 0x01;
    static final int MAX_REMAINING_LENGTH = 268_435_455;

    private static final int REQUIRED_FLAGS = 0x02;

    private FixedHeader() {}

    static PacketType type(int firstByte) {
        return PacketType.of((firstByte & 0xF0) >> 4);
    }

    /** Accepts the first byte of what a client may send; refuses all others. */
    static void checkFirstByte(int firstByte) {
        int flags = firstByte & 0x0F;
        switch (type(firstByte)) {
            case PUBLISH -> checkPublishFlags(flags);
            case PUBREL -> checkFlags(flags, REQUIRED_FLAGS, "MQTT-3.6.1-1"); // [MQTT-3.6.1-1]
            case SUBSCRIBE -> checkFlags(flags, REQUIRED_FLAGS, "MQTT-3.8.1-1"); // [MQTT-3.8.1-1]
            case UNSUBSCRIBE -> checkFlags(flags, REQUIRED_FLAGS, "MQTT-3.10.1-1"); // [MQTT-3.10.1-1]
            case DISCONNECT -> checkFlags(flags, 0, "MQTT-3.14.1-1"); // [MQTT-3.14.1-1]
            case CONNECT, PUBACK, PUBREC, PUBCOMP, PINGREQ -> checkFlags(flags, 0, "MQTT-2.2.2-2"); // [MQTT-2.2.2-2]
            case CONNACK, SUBACK, UNSUBACK, PINGRESP ->
                throw new MalformedPacketException("2.2.1", "a packet that only a server sends");
            case RESERVED_0, RESERVED_15 -> throw new MalformedPacketException("2.2.1", "a reserved packet type");
        }
    }

    private static void checkFlags(int flags, int expected, String clause) {
        if (flags != expected) { // [MQTT-2.2.2-1] [MQTT-2.2.2-2]
            throw new MalformedPacketException(clause, "flags of the fixed header");
        }
    }

    private static void checkPublishFlags(int flags) {
        int qos = flags & QOS;
        if (qos == QOS) { // [MQTT-3.3.1-4]
            throw new MalformedPacketException("MQTT-3.3.1-4", "QoS 3");
        }
        if (qos == 0 && (flags & DUP) != 0) { // [MQTT-3.3.1-2]
            throw new MalformedPacketException("MQTT-3.3.1-2", "DUP at QoS 0");
        }
    }

    /** Where the variable header of the frame that starts here begins. */
    static int endOf(ByteBuffer frame, int start) {
        int i = start + 1;
        while (frame.get(i) < 0) {
            i++;
        }
        return i + 1;
    }

    /** The length of a whole frame with this remaining length. */
    static int frameLength(int remainingLength) {
        if (remainingLength > MAX_REMAINING_LENGTH) {
            throw new IllegalArgumentException(
                    "remainingLength: " + remainingLength + " (expected: at most 268435455)");
        }
        int digits = remainingLength < 1 << 7 ? 1 : remainingLength < 1 << 14 ? 2 : remainingLength < 1 << 21 ? 3 : 4;
        return 1 + digits + remainingLength;
    }

    static void write(ByteBuffer target, PacketType type, int flags, int remainingLength) {
        target.put((byte) (type.ordinal() << 4 | flags));
        int rest = remainingLength;
        while (rest > 0x7F) {
            target.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        target.put((byte) rest);
    }

    /** The flags that a type other than PUBLISH has (section 2.2.2). */
    static int flagsOf(PacketType type) {
        return switch (type) {
            case PUBREL, SUBSCRIBE, UNSUBSCRIBE -> REQUIRED_FLAGS; // [MQTT-2.2.2-1]
            default -> 0;
        };
    }
}
