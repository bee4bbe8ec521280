package io.mqttparty.internal.packet;

/**
 * PUBREL (section 3.6).
 *
 * @param packetId 1 to 65,535
 */
public record Pubrel(int packetId) implements Packet {
    @Override
    public PacketType type() {
        return PacketType.PUBREL;
    }
}
