package io.mqttparty.internal.broker;

import io.mqttparty.model.ClientId;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The connections of this node by client id, from before their attach is sent until their session has ended. For a moment a client id has
 * several: the one that is attaching and those it takes over from. Shared by all loops.
 */
final class LocalConnections {
    private static final ConnectionDriver[] NONE = {};

    private final ConcurrentHashMap<ClientId, ConnectionDriver[]> connections = new ConcurrentHashMap<>();

    void add(ClientId client, ConnectionDriver connection) {
        connections.merge(client, new ConnectionDriver[] {connection}, LocalConnections::concat);
    }

    void remove(ClientId client, ConnectionDriver connection) {
        connections.computeIfPresent(client, (c, known) -> without(known, connection));
    }

    /** All connections of the client, the newest last; usually one. The array is not to be changed. */
    ConnectionDriver[] of(ClientId client) {
        ConnectionDriver[] known = connections.get(client);
        return known == null ? NONE : known;
    }

    /** The newest connection of the client, if there is one. */
    @Nullable
    ConnectionDriver newest(ClientId client) {
        ConnectionDriver[] known = connections.get(client);
        return known == null ? null : known[known.length - 1];
    }

    void forEach(Consumer<ConnectionDriver> action) {
        connections.values().forEach(known -> {
            for (ConnectionDriver connection : known) {
                action.accept(connection);
            }
        });
    }

    int size() {
        return connections.size();
    }

    private static ConnectionDriver[] concat(ConnectionDriver[] a, ConnectionDriver[] b) {
        ConnectionDriver[] all = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, all, a.length, b.length);
        return all;
    }

    private static ConnectionDriver @Nullable [] without(ConnectionDriver[] known, ConnectionDriver gone) {
        ConnectionDriver[] rest = Arrays.stream(known).filter(c -> c != gone).toArray(ConnectionDriver[]::new);
        return rest.length == 0 ? null : rest;
    }
}
