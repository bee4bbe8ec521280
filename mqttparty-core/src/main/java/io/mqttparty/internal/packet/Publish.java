package io.mqttparty.internal.packet;

import io.mqttparty.model.Message;

/**
 * PUBLISH (section 3.3). The hot path does without this record: see {@link PacketSink#onPublish}.
 *
 * @param message topic, payload, QoS and RETAIN
 * @param packetId 1 to 65,535; 0 at QoS 0, which has none
 * @param dup the DUP flag
 */
public record Publish(Message message, int packetId, boolean dup) implements Packet {
    @Override
    public PacketType type() {
        return PacketType.PUBLISH;
    }
}
