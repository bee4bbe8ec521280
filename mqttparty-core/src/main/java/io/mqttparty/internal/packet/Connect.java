package io.mqttparty.internal.packet;

import io.mqttparty.model.Payload;
import io.mqttparty.model.ProtocolVersion;
import io.mqttparty.model.Will;
import java.util.Optional;

/**
 * CONNECT (section 3.1).
 *
 * @param version the protocol that the client speaks
 * @param clientId the client id as it came; empty asks the broker to assign one
 * @param cleanSession the CleanSession flag
 * @param keepAliveSeconds 0 to 65,535
 * @param will the will, if the will flag is set
 * @param username the user name, if its flag is set
 * @param password the password, if its flag is set
 */
public record Connect(
        ProtocolVersion version,
        String clientId,
        boolean cleanSession,
        int keepAliveSeconds,
        Optional<Will> will,
        Optional<String> username,
        Optional<Payload> password)
        implements Packet {
    @Override
    public PacketType type() {
        return PacketType.CONNECT;
    }
}
