package io.mqttparty.internal.session;

import io.mqttparty.internal.packet.PacketType;
import io.mqttparty.model.Message;
import io.mqttparty.model.ProtocolViolationException;
import io.mqttparty.model.ReasonCode;
import java.util.BitSet;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * The messages that one client publishes (sections 4.3 and 4.6).
 *
 * <pre>
 * input          packet id   effect
 * PUBLISH QoS 0  -           publish
 * PUBLISH QoS 1  -           publish; PUBACK when it is safe              [MQTT-4.3.2-2]
 * PUBLISH QoS 2  new         publish once; PUBREC when it is safe         [MQTT-4.3.3-2]
 * PUBLISH QoS 2  open        PUBREC again, nothing is published           [MQTT-4.3.3-2]
 * PUBREL         open        forget it; PUBCOMP
 * PUBREL         unknown     PUBCOMP
 * </pre>
 *
 * The open packet ids of a transient session are kept here and end with it; those of a persistent one are in the store, which decides what is
 * new, and this is a copy: see docs/adr/0002.
 */
final class Inbound {
    private static final int PACKET_IDS = 65_535;

    private final Effects effects;
    private final boolean persistent;
    private final int maxOpen;
    private final AckQueue acks = new AckQueue();
    private @Nullable BitSet open;
    private int openCount;

    Inbound(Effects effects, boolean persistent, int maxOpen) {
        this.effects = effects;
        this.persistent = persistent;
        this.maxOpen = maxOpen;
    }

    void restore(Collection<Integer> packetIds) {
        packetIds.forEach(this::remember);
    }

    void onPublish(Message message, int packetId, boolean dup) {
        if (acks.size() >= PACKET_IDS) {
            throw new ProtocolViolationException(
                    "MQTT-2.3.1-2", "more PUBLISHes open than packet ids", ReasonCode.QUOTA_EXCEEDED);
        }
        switch (message.qos()) {
            case AT_MOST_ONCE -> effects.publish(message, Effects.NO_TICKET);
            case AT_LEAST_ONCE -> effects.publish(message, acks.owe(PacketType.PUBACK, packetId));
            case EXACTLY_ONCE -> onPublishQos2(message, packetId, dup);
        }
    }

    private void onPublishQos2(Message message, int packetId, boolean dup) {
        boolean known = open != null && open.get(packetId);
        if (openCount >= maxOpen && !(known && dup)) {
            throw new ProtocolViolationException(
                    "MQTT-2.3.1-2", "too many open QoS 2 exchanges", ReasonCode.QUOTA_EXCEEDED);
        }
        if (!known) {
            remember(packetId);
        }
        int ticket = acks.owe(PacketType.PUBREC, packetId); // [MQTT-3.3.4-1]
        if (persistent) {
            effects.publishQos2(message, packetId, ticket);
        } else if (known) {
            acks.ready(ticket, effects);
        } else {
            effects.publish(message, ticket);
        }
    }

    /** The message is safe: its acknowledgement may leave. */
    void onPublished(int ticket) {
        acks.ready(ticket, effects);
    }

    void onPubrel(int packetId) {
        if (persistent && open != null && open.get(packetId)) {
            effects.clearQos2(packetId);
        } else {
            onCleared(packetId);
        }
    }

    /** The packet id is forgotten and may be used again. */
    void onCleared(int packetId) {
        if (open != null && open.get(packetId)) {
            open.clear(packetId);
            openCount--;
        }
        effects.sendAcknowledgement(PacketType.PUBCOMP, packetId);
    }

    private void remember(int packetId) {
        BitSet ids = open;
        if (ids == null) {
            ids = new BitSet();
            open = ids;
        }
        ids.set(packetId);
        openCount++;
    }
}
