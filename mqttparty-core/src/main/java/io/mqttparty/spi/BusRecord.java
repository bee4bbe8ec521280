package io.mqttparty.spi;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import java.util.Optional;

/** What one node tells another. Clients can never cause one directly: the bus is no topic. */
public sealed interface BusRecord {
    /**
     * A record was appended to the queue of a session that is connected to the receiver.
     *
     * @param session whose queue
     * @param seq the number
     * @param message the message itself, if it was at hand
     */
    record Push(SessionRef session, long seq, Optional<Message> message) implements BusRecord {}

    /**
     * A message for transient sessions of the receiver, which matches it itself.
     *
     * @param message what
     */
    record Transmit(Message message) implements BusRecord {}

    /**
     * A client has attached elsewhere: connections of it with this epoch or a lower one are to be closed.
     *
     * @param client whose
     * @param epoch the highest that is over
     * @param replyTo who waits for {@link Kicked}
     */
    record Kick(ClientId client, long epoch, NodeId replyTo) implements BusRecord {}

    /**
     * The connections that a {@link Kick} named are closed and their detach is done.
     *
     * @param client whose
     * @param epoch of the kick
     */
    record Kicked(ClientId client, long epoch) implements BusRecord {}
}
