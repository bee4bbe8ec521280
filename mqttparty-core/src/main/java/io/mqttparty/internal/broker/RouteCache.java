package io.mqttparty.internal.broker;

import io.mqttparty.model.TopicName;
import org.jspecify.annotations.Nullable;

/**
 * The routes of the topics that one loop published to last. Direct-mapped, so its size is its bound; an entry is used while no subscription of
 * the broker has changed since.
 */
final class RouteCache {
    private static final int SLOTS = 1024;

    private final RouteTable table;
    private final @Nullable TopicName[] topics = new TopicName[SLOTS];
    private final @Nullable Routes[] routes = new Routes[SLOTS];

    RouteCache(RouteTable table) {
        this.table = table;
    }

    /** Lets go of routes that are not valid any more, and of the connections in them. */
    void dropStale() {
        long version = table.version();
        for (int i = 0; i < SLOTS; i++) {
            Routes cached = routes[i];
            if (cached != null && cached.version() != version) {
                routes[i] = null;
                topics[i] = null;
            }
        }
    }

    Routes get(TopicName topic) {
        int hash = topic.hashCode();
        int slot = (hash ^ hash >>> 16) & (SLOTS - 1);
        TopicName cachedTopic = topics[slot];
        Routes cached = routes[slot];
        if (cached != null && topic.equals(cachedTopic) && cached.version() == table.version()) {
            return cached;
        }
        Routes fresh = table.match(topic);
        topics[slot] = topic;
        routes[slot] = fresh;
        return fresh;
    }
}
