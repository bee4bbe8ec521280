package io.mqttparty.spi;

import java.util.Optional;

/**
 * Where a client is connected.
 *
 * @param node the node, empty while it is offline
 * @param epoch of the last attach; 0 if there is no session
 */
public record Owner(Optional<NodeId> node, long epoch) {
    /** No connection and no session. */
    public static final Owner OFFLINE = new Owner(Optional.empty(), 0);

    /** Whether the client is connected. */
    public boolean isOnline() {
        return node.isPresent();
    }
}
