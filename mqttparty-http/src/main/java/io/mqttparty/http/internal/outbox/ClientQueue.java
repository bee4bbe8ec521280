package io.mqttparty.http.internal.outbox;

import io.mqttparty.model.ClientId;
import io.mqttparty.spi.Outbox.Waiting;
import java.util.ArrayDeque;
import java.util.Deque;

/** The messages of one client, of which the first is delivered or waits for its next try. */
final class ClientQueue {
    private final ClientId client;
    private final Deque<Waiting> messages = new ArrayDeque<>();

    ClientQueue(ClientId client) {
        this.client = client;
    }

    ClientId client() {
        return client;
    }

    void add(Waiting message) {
        messages.addLast(message);
    }

    Waiting first() {
        return messages.getFirst();
    }

    void removeFirst() {
        messages.removeFirst();
    }

    /** The first one has failed once more. */
    void replaceFirst(Waiting same) {
        messages.removeFirst();
        messages.addFirst(same);
    }

    boolean isEmpty() {
        return messages.isEmpty();
    }
}
