package io.mqttparty.internal.broker;

import io.mqttparty.model.ReasonCode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Consumer;

/** The connections of one loop that were not accepted yet, oldest first. Beyond the limit the oldest makes room. */
final class UnacceptedConnections {
    private final int limit;
    private final LinkedHashSet<ConnectionDriver> connections = new LinkedHashSet<>();

    UnacceptedConnections(int limit) {
        this.limit = limit;
    }

    void add(ConnectionDriver connection) {
        if (connections.size() >= limit) {
            ConnectionDriver oldest = connections.iterator().next();
            connections.remove(oldest);
            oldest.end(ReasonCode.SERVER_BUSY);
        }
        connections.add(connection);
    }

    void remove(ConnectionDriver connection) {
        connections.remove(connection);
    }

    void forEach(Consumer<ConnectionDriver> action) {
        connections.forEach(action);
    }

    void endAll(ReasonCode reason) {
        List.copyOf(connections).forEach(connection -> connection.end(reason));
    }
}
