package io.mqttparty.internal.packet;

/**
 * PUBACK (section 3.4).
 *
 * @param packetId 1 to 65,535
 */
public record Puback(int packetId) implements Packet {
    @Override
    public PacketType type() {
        return PacketType.PUBACK;
    }
}
