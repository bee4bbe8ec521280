package io.mqttparty.internal.packet;

/**
 * UNSUBACK (section 3.11).
 *
 * @param packetId 1 to 65,535
 */
public record Unsuback(int packetId) implements Packet {
    @Override
    public PacketType type() {
        return PacketType.UNSUBACK;
    }
}
