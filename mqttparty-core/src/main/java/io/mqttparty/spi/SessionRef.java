package io.mqttparty.spi;

import io.mqttparty.model.ClientId;

/**
 * One incarnation of a session. A client that ends its session and starts another has the same id and another incarnation, so what was meant
 * for the first never reaches the second.
 *
 * @param client whose session
 * @param incarnation the token of the attach that created it
 */
public record SessionRef(ClientId client, Token incarnation) {
    // Written out for the time of a start: docs/adr/0011
    @Override
    public boolean equals(Object other) {
        return other instanceof SessionRef that && client.equals(that.client) && incarnation.equals(that.incarnation);
    }

    @Override
    public int hashCode() {
        return 31 * client.hashCode() + incarnation.hashCode();
    }
}
