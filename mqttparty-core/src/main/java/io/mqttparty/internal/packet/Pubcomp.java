package io.mqttparty.internal.packet;

/**
 * PUBCOMP (section 3.7).
 *
 * @param packetId 1 to 65,535
 */
public record Pubcomp(int packetId) implements Packet {
    @Override
    public PacketType type() {
        return PacketType.PUBCOMP;
    }
}
