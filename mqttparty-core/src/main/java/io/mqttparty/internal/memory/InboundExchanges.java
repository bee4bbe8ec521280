package io.mqttparty.internal.memory;

import io.mqttparty.spi.MessageId;
import io.mqttparty.spi.SessionStore.Qos2InState;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The open inbound QoS 2 exchanges of one session: at most one for each packet id. */
final class InboundExchanges {
    private @Nullable Map<Integer, Exchange> open;

    /** The exchange with this packet id. */
    @Nullable
    Exchange get(int packetId) {
        return open == null ? null : open.get(packetId);
    }

    void put(int packetId, Qos2InState state, MessageId messageId) {
        if (open == null) {
            open = new HashMap<>(4);
        }
        open.put(packetId, new Exchange(state, messageId));
    }

    void remove(int packetId) {
        if (open != null) {
            open.remove(packetId);
            open = open.isEmpty() ? null : open;
        }
    }

    /** The states by packet id. */
    Map<Integer, Qos2InState> states() {
        if (open == null) {
            return Map.of();
        }
        Map<Integer, Qos2InState> states = new HashMap<>();
        open.forEach((packetId, exchange) -> states.put(packetId, exchange.state));
        return states;
    }

    /**
     * One exchange.
     *
     * @param state how far it has come
     * @param messageId that of the first attempt
     */
    record Exchange(Qos2InState state, MessageId messageId) {}
}
