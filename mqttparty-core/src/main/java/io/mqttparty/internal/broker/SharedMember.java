package io.mqttparty.internal.broker;

import io.mqttparty.internal.routing.SharedGroup;
import io.mqttparty.model.TopicFilter;

/**
 * The member of a shared subscription that was picked for a message.
 *
 * @param group the subscription
 * @param key what identifies the member in it
 * @param route where its messages go
 */
record SharedMember(SharedGroup<Object, Route> group, Object key, Route route) {
    TopicFilter filter() {
        return group.filter();
    }
}
