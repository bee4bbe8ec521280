package io.mqttparty.internal.packet;

import io.mqttparty.model.Subscription;
import java.util.List;

/**
 * SUBSCRIBE (section 3.8).
 *
 * @param packetId 1 to 65,535
 * @param subscriptions what is asked for, at least one, in the order of the packet
 */
public record Subscribe(int packetId, List<Subscription> subscriptions) implements Packet {
    /** Copies the list. */
    public Subscribe {
        subscriptions = List.copyOf(subscriptions);
    }

    @Override
    public PacketType type() {
        return PacketType.SUBSCRIBE;
    }
}
