package io.mqttparty.spi;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.TopicName;
import java.util.Optional;

/** What one node tells another. Clients can never cause one directly: the bus is no topic. */
public sealed interface BusRecord {
    /**
     * A record was appended to the queue of a session that is connected to the receiver. Without number and message it is a bare wake-up: there
     * may be records that the receiver has not heard of.
     *
     * @param session whose queue
     * @param seq the number; 0 if it is not known
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
     * A message for one transient session of the receiver among those that share this subscription. A receiver that has none of them any more
     * picks another member of the group itself, since the message was accepted for it.
     *
     * @param message what
     * @param filter the shared subscription, {@code $share/<group>/<filter>}
     * @param passedOn how many receivers had no member and passed it on; 0 from the publisher's node
     */
    record TransmitShared(Message message, TopicFilter filter, int passedOn) implements BusRecord {}

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

    /**
     * A message at QoS 0 for a persistent session that is connected to the receiver, as far as the sender knows. The receiver never hands it on:
     * if the session is not connected there, it drops the message and answers {@link NotOwner}.
     *
     * @param session whose connection
     * @param message at QoS 0
     */
    record Forward(SessionRef session, Message message) implements BusRecord {}

    /**
     * A {@link Forward} came to the wrong node: the client is not connected to the sender of this.
     *
     * @param client which
     */
    record NotOwner(ClientId client) implements BusRecord {}

    /**
     * A message for one client whatever it is subscribed to, handed to its connection and stored nowhere. Answered by {@link Answer}.
     *
     * @param correlation of the answer
     * @param session whose connection
     * @param message what, at its own QoS
     * @param awaitAcknowledgement whether the answer waits for the client's PUBACK or PUBCOMP
     * @param timeoutMillis how long from now the sender waits for it; 0 if it waits for no acknowledgement
     */
    record Downlink(
            Correlation correlation,
            SessionRef session,
            Message message,
            boolean awaitAcknowledgement,
            long timeoutMillis)
            implements BusRecord {}

    /**
     * Asks for an {@link Answer} once the client has acknowledged a record of its queue, or, if the sender does not wait for that, whether the
     * session is connected to the receiver. It is sent before the {@link Push} of that record.
     *
     * @param correlation of the answer
     * @param session whose queue
     * @param seq the number
     * @param timeoutMillis how long from now the sender waits for the acknowledgement; 0 if it does not
     */
    record Watch(Correlation correlation, SessionRef session, long seq, long timeoutMillis) implements BusRecord {}

    /**
     * Closes the connection of a client as an administrative action. Answered by {@link Answer}.
     *
     * @param correlation of the answer
     * @param client whose
     * @param epoch of the connection that is meant; a later one stays
     */
    record Disconnect(Correlation correlation, ClientId client, long epoch) implements BusRecord {}

    /**
     * Asks for a {@link Reply} with the next message that a client publishes to a topic through the receiver. Sent to all members, since the
     * client may connect elsewhere before it replies.
     *
     * @param correlation of the reply
     * @param client whose message
     * @param topic to which it is published
     * @param timeoutMillis how long from now the sender waits for it
     */
    record Expect(Correlation correlation, ClientId client, TopicName topic, long timeoutMillis) implements BusRecord {}

    /**
     * The sender no longer waits for what it asked for with {@link Downlink}, {@link Watch} or {@link Expect}.
     *
     * @param correlation of that
     */
    record Forget(Correlation correlation) implements BusRecord {}

    /**
     * What a client published to the topic of an {@link Expect}.
     *
     * @param correlation of that
     * @param message as it was published
     */
    record Reply(Correlation correlation, Message message) implements BusRecord {}

    /**
     * The end of a call.
     *
     * @param correlation of the call
     * @param outcome what became of it
     */
    record Answer(Correlation correlation, Outcome outcome) implements BusRecord {}

    /** What became of a {@link Downlink}, {@link Watch}, {@link Disconnect} or {@link Expect}. */
    enum Outcome {
        /** It is done: handed over, acknowledged if that was asked for, or closed. */
        DONE,
        /** The message was dropped before it was acknowledged. */
        DROPPED,
        /** The connection ended before the message was acknowledged. */
        ENDED,
        /** The client is not connected to this node, or not with that session. */
        NOT_OWNER,
        /** Too many calls are open on this node, which does not keep this one. */
        BUSY
    }
}
