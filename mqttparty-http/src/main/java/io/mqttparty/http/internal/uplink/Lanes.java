package io.mqttparty.http.internal.uplink;

import io.mqttparty.http.internal.client.GivenUp;
import io.mqttparty.model.ClientId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The lanes of the clients that have something on its way; a lane goes when it is empty. */
final class Lanes {
    private final Map<ClientId, Lane> lanes = new ConcurrentHashMap<>();
    private final int perClient;
    private final GivenUp givenUp;

    Lanes(int perClient, GivenUp givenUp) {
        this.perClient = perClient;
        this.givenUp = givenUp;
    }

    void add(Delivery delivery) {
        ClientId client = delivery.event().client();
        boolean added = false;
        while (!added) { // again if the lane has just gone
            added = lanes.computeIfAbsent(client, id -> new Lane(perClient, givenUp, lane -> lanes.remove(id, lane)))
                    .add(delivery);
        }
    }

    /** How many of a client wait for others of it. */
    int waiting(ClientId client) {
        Lane lane = lanes.get(client);
        return lane == null ? 0 : lane.waiting();
    }

    int size() {
        return lanes.size();
    }
}
