package io.mqttparty.internal.packet;

/** One MQTT packet (section 2). */
public sealed interface Packet
        permits Connect,
                Connack,
                Publish,
                Puback,
                Pubrec,
                Pubrel,
                Pubcomp,
                Subscribe,
                Suback,
                Unsubscribe,
                Unsuback,
                Pingreq,
                Pingresp,
                Disconnect {
    /** Its type. */
    PacketType type();
}
