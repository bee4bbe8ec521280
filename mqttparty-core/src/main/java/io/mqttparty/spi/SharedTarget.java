package io.mqttparty.spi;

import io.mqttparty.model.TopicFilter;

/**
 * A node that was picked to give a message to one of its transient sessions that share a subscription.
 *
 * @param node the node
 * @param filter the shared subscription, {@code $share/<group>/<filter>}
 */
public record SharedTarget(NodeId node, TopicFilter filter) {}
