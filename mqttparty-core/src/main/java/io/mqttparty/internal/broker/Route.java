package io.mqttparty.internal.broker;

import io.mqttparty.model.QoS;
import io.mqttparty.spi.Leg;
import io.mqttparty.spi.NodeId;

/** Where the messages of one subscription go. */
sealed interface Route {
    /** To somebody on this node. */
    record Local(LocalSubscriber subscriber, QoS grant) implements Route {}

    /** To the queue of a persistent session, wherever its client is. */
    record Session(Leg leg) implements Route {}

    /** To the transient sessions of another node. */
    record Remote(NodeId node, QoS grant) implements Route {}
}
