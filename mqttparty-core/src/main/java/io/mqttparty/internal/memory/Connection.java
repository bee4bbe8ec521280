package io.mqttparty.internal.memory;

import io.mqttparty.model.Will;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.Owner;
import io.mqttparty.spi.Token;
import java.util.Optional;

/**
 * The connection that owns a session, with what its attach was answered, so that a repeated attach gets the same.
 *
 * @param token of the attach
 * @param username that CONNECT gave
 * @param node that the client is connected to
 * @param will of the connection
 * @param present whether the session existed
 * @param dupUpTo what may have been sent before
 * @param previous the owner before, if it was still attached
 */
record Connection(
        Token token,
        Optional<String> username,
        NodeId node,
        Optional<Will> will,
        boolean present,
        long dupUpTo,
        Optional<Owner> previous) {}
