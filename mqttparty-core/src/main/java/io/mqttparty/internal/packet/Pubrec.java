package io.mqttparty.internal.packet;

/**
 * PUBREC (section 3.5).
 *
 * @param packetId 1 to 65,535
 */
public record Pubrec(int packetId) implements Packet {
    @Override
    public PacketType type() {
        return PacketType.PUBREC;
    }
}
