package io.mqttparty.model;

import static java.util.Objects.requireNonNull;

import java.net.SocketAddress;
import java.util.Map;
import java.util.Optional;

/**
 * Who a connection belongs to, as its CONNECT said and its listener saw. It does not change while the connection lives.
 *
 * @param clientId the identifier, given by the client or assigned by the broker
 * @param username the user name of CONNECT
 * @param version the protocol version of the connection
 * @param cleanSession whether the session ends with the connection (section 3.1.2.4)
 * @param keepAliveSeconds the keep alive of CONNECT; 0 for none
 * @param remoteAddress the peer, after a PROXY header where the listener takes one
 * @param listener the name of the listener
 * @param attributes what the authenticator found out, for authorizers and listeners
 */
public record ClientInfo(
        ClientId clientId,
        Optional<String> username,
        ProtocolVersion version,
        boolean cleanSession,
        int keepAliveSeconds,
        SocketAddress remoteAddress,
        String listener,
        Map<String, String> attributes) {
    /** Checks that nothing is missing and copies the attributes. */
    public ClientInfo {
        requireNonNull(clientId, "clientId");
        requireNonNull(username, "username");
        requireNonNull(version, "version");
        requireNonNull(remoteAddress, "remoteAddress");
        requireNonNull(listener, "listener");
        attributes = Map.copyOf(attributes);
    }

    /** The same client with other attributes. */
    public ClientInfo withAttributes(Map<String, String> other) {
        return new ClientInfo(
                clientId, username, version, cleanSession, keepAliveSeconds, remoteAddress, listener, other);
    }
}
