package io.mqttparty.internal.packet;

/**
 * CONNACK (section 3.2).
 *
 * @param sessionPresent whether the broker had a session for the client
 * @param code the return code
 */
public record Connack(boolean sessionPresent, ConnackCode code) implements Packet {
    @Override
    public PacketType type() {
        return PacketType.CONNACK;
    }
}
