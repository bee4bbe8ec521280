package io.mqttparty.http.internal.uplink;

import io.mqttparty.model.ClientId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The lanes of the clients that have something on its way; a lane goes when it is empty. */
final class Lanes {
    private final Map<ClientId, Lane> lanes = new ConcurrentHashMap<>();
    private final int perClient;

    Lanes(int perClient) {
        this.perClient = perClient;
    }

    void add(Delivery delivery) {
        ClientId client = delivery.event().client();
        boolean added = false;
        while (!added) { // again if the lane has just gone
            added = lanes.computeIfAbsent(client, id -> new Lane(perClient, lane -> lanes.remove(id, lane)))
                    .add(delivery);
        }
    }

    int size() {
        return lanes.size();
    }
}
