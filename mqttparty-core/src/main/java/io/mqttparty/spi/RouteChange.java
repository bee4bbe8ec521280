package io.mqttparty.spi;

import io.mqttparty.model.QoS;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicFilter;
import java.util.List;

/** An entry of the route log: it changes where messages go. */
public sealed interface RouteChange {
    /**
     * A persistent session is subscribed to this and nothing else.
     *
     * @param session which
     * @param subscriptions all that it has now
     */
    record SessionRoutes(SessionRef session, List<Subscription> subscriptions) implements RouteChange {
        /** Copies the list. */
        public SessionRoutes {
            subscriptions = List.copyOf(subscriptions);
        }
    }

    /**
     * A persistent session is over; a later incarnation of the client is not touched.
     *
     * @param session which
     */
    record SessionGone(SessionRef session) implements RouteChange {}

    /**
     * A node has transient sessions subscribed to this filter.
     *
     * @param node which
     * @param filter what
     * @param qos the most that one of them is granted
     */
    record NodeFilter(NodeId node, TopicFilter filter, QoS qos) implements RouteChange {}

    /**
     * A node has no transient session with this filter any more.
     *
     * @param node which
     * @param filter what
     */
    record NodeFilterGone(NodeId node, TopicFilter filter) implements RouteChange {}

    /**
     * A node is gone, with all its transient sessions.
     *
     * @param node which
     */
    record NodeDown(NodeId node) implements RouteChange {}
}
