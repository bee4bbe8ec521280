package io.mqttparty.internal.packet;

/** DISCONNECT (section 3.14). */
public record Disconnect() implements Packet {
    @Override
    public PacketType type() {
        return PacketType.DISCONNECT;
    }
}
