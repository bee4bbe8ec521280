package io.mqttparty.internal.packet;

/** The packet types with their numbers in the fixed header (section 2.2.1); the ordinal is the number. */
public enum PacketType {
    RESERVED_0,
    CONNECT,
    CONNACK,
    PUBLISH,
    PUBACK,
    PUBREC,
    PUBREL,
    PUBCOMP,
    SUBSCRIBE,
    SUBACK,
    UNSUBSCRIBE,
    UNSUBACK,
    PINGREQ,
    PINGRESP,
    DISCONNECT,
    RESERVED_15;

    private static final PacketType[] VALUES = values();

    /** The type with this number, 0 to 15. */
    public static PacketType of(int number) {
        return VALUES[number];
    }
}
