package io.mqttparty.internal.broker;

import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.spi.Leg;
import io.mqttparty.spi.NodeId;

/** Where the messages of one subscription go. */
sealed interface Route {
    /** To somebody on this node. */
    record Local(LocalSubscriber subscriber, QoS grant) implements Route {}

    /** To the queue of a persistent session, wherever its client is. */
    record Session(Leg leg) implements Route {}

    /**
     * To the transient sessions of another node.
     *
     * @param node which
     * @param filter what they are subscribed to
     * @param grant the most that one of them is granted
     */
    record Remote(NodeId node, TopicFilter filter, QoS grant) implements Route {}
}
