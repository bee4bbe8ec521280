package io.mqttparty.internal.broker;

import io.mqttparty.internal.routing.SharedGroup;
import io.mqttparty.internal.routing.TopicTree;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.TopicName;
import io.mqttparty.spi.RoutePosition;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Who gets what: the local subscribers, and the mirror of the route log. Shared by all loops: matching takes no lock. */
final class RouteTable {
    private final List<UpstreamRoute> upstreams;
    private final TopicTree<Object, Route> tree;
    private final RouteMirror mirror;
    private final Announcements announcements;

    RouteTable(BrokerRuntime broker, List<UpstreamRoute> upstreams, long hashSeed) {
        this.upstreams = List.copyOf(upstreams);
        this.tree = new TopicTree<>(hashSeed);
        this.mirror = new RouteMirror(broker, tree);
        this.announcements = new Announcements(broker);
    }

    long version() {
        return tree.version();
    }

    Routes match(TopicName topic) {
        return Routes.of(tree, topic, upstreams);
    }

    /** Those who share this filter, if anybody does. */
    @Nullable
    SharedGroup<Object, Route> group(TopicFilter filter) {
        return tree.group(filter);
    }

    RouteMirror mirror() {
        return mirror;
    }

    Announcements announcements() {
        return announcements;
    }

    /**
     * Adds or changes a local subscription. The stage completes when the route log has it, with a position that all nodes have to have applied
     * before a publish anywhere is routed by it.
     */
    CompletionStage<RoutePosition> subscribe(LocalSubscriber subscriber, Subscription subscription) {
        TopicFilter filter = subscription.filter();
        Route previous = tree.put(filter, subscriber, new Route.Local(subscriber, subscription.qos()));
        return announcements.add(filter, subscription.qos(), previous == null);
    }

    /** Removes a local subscription, if there is one. */
    CompletionStage<RoutePosition> unsubscribe(LocalSubscriber subscriber, TopicFilter filter) {
        return tree.remove(filter, subscriber) == null
                ? CompletableFuture.completedFuture(announcements.position())
                : announcements.remove(filter);
    }
}
