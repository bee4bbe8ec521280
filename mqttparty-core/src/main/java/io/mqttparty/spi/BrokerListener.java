package io.mqttparty.spi;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.ClientInfo;
import io.mqttparty.model.Message;
import io.mqttparty.model.ReasonCode;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.TopicName;
import java.net.SocketAddress;

/**
 * Is told what happens. Methods are called on event loops, must not block, and do nothing unless overridden; what they throw is logged and
 * changes nothing.
 */
public interface BrokerListener {
    /** CONNACK with code 0 was sent. */
    default void onConnected(ClientInfo client, boolean sessionPresent) {}

    /** A connection that had been accepted is over. {@link ReasonCode#SUCCESS} means that the client sent DISCONNECT. */
    default void onDisconnected(ClientInfo client, ReasonCode reason) {}

    /**
     * A connection to another node is over because that node is: it died, or the others took it for dead. Nobody knows more of the client than its id. Called once for each connection, by one of
     * the nodes that are left, some seconds after the death of the node, and at most 2,000 times a second. It is not called for a client that has connected to another node by then, nor if that
     * node ends too before it has told all. A node that was only taken for dead may have called {@link #onDisconnected} before.
     *
     * @param node that the client was connected to
     */
    default void onConnectionLost(ClientId client, NodeId node) {}

    /** A connection ended before it was accepted: a refused CONNECT, a malformed packet, a time-out. */
    default void onRejected(SocketAddress remoteAddress, ReasonCode reason) {}

    /**
     * The will of a connection was published, at QoS 0 to 2 to whoever subscribes, or to nobody. Called once for each will, by the node that published it. If the store
     * does not say whether a will was taken out of it, nobody is told.
     *
     * @param client whose will it was; if its connection is not known to the node that published it, only client id and user name are those of that connection
     * @param will as CONNECT had it
     */
    default void onWillPublished(ClientInfo client, Message will) {}

    /** SUBACK granted this subscription. */
    default void onSubscribed(ClientInfo client, Subscription subscription) {}

    /** UNSUBACK confirmed that this subscription is gone. */
    default void onUnsubscribed(ClientInfo client, TopicFilter filter) {}

    /** A message was not delivered to a client, or was not passed on for it. */
    default void onDropped(ClientId client, TopicName topic, DropReason reason) {}
}
