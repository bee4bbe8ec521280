package io.mqttparty.internal.packet;

import io.mqttparty.model.TopicFilter;
import java.util.List;

/**
 * UNSUBSCRIBE (section 3.10).
 *
 * @param packetId 1 to 65,535
 * @param filters what is given up, at least one, in the order of the packet
 */
public record Unsubscribe(int packetId, List<TopicFilter> filters) implements Packet {
    /** Copies the list. */
    public Unsubscribe {
        filters = List.copyOf(filters);
    }

    @Override
    public PacketType type() {
        return PacketType.UNSUBSCRIBE;
    }
}
