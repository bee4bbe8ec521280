package io.mqttparty.spi;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.ClientInfo;
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

    /** A connection ended before it was accepted: a refused CONNECT, a malformed packet, a time-out. */
    default void onRejected(SocketAddress remoteAddress, ReasonCode reason) {}

    /** SUBACK granted this subscription. */
    default void onSubscribed(ClientInfo client, Subscription subscription) {}

    /** UNSUBACK confirmed that this subscription is gone. */
    default void onUnsubscribed(ClientInfo client, TopicFilter filter) {}

    /** A message was not delivered to a client, or was not passed on for it. */
    default void onDropped(ClientId client, TopicName topic, DropReason reason) {}
}
