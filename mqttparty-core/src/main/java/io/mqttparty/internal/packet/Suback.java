package io.mqttparty.internal.packet;

import java.util.List;

/**
 * SUBACK (section 3.9).
 *
 * @param packetId that of the SUBSCRIBE
 * @param codes one for each filter in its order: the granted QoS 0, 1, 2 or {@link #FAILURE}
 */
public record Suback(int packetId, List<Integer> codes) implements Packet {
    /** The return code of a filter that was refused. */
    public static final int FAILURE = 0x80;

    /** Copies the list. */
    public Suback {
        codes = List.copyOf(codes);
    }

    @Override
    public PacketType type() {
        return PacketType.SUBACK;
    }
}
