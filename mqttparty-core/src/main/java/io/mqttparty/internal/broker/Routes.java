package io.mqttparty.internal.broker;

import io.mqttparty.internal.routing.SharedGroup;
import io.mqttparty.internal.routing.TopicTree;
import io.mqttparty.model.ClientId;
import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicName;
import io.mqttparty.spi.Leg;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everywhere that messages of one topic go: what the tree matched, with overlapping subscriptions of one client made one delivery at the
 * highest QoS [MQTT-3.3.5-1]. Immutable; valid while the version of the tree is the same.
 *
 * @param locals on this node
 * @param legs queues of persistent sessions that are granted QoS 1 or 2
 * @param qos0Legs persistent sessions that are granted QoS 0
 * @param remotes nodes with transient sessions, one of which is granted QoS 1 or 2
 * @param qos0Remotes nodes with transient sessions that are granted QoS 0
 * @param shared groups, each of which gets the message once
 * @param upstreams that take the message
 * @param version of the tree
 */
record Routes(
        List<Route.Local> locals,
        List<Leg> legs,
        List<Leg> qos0Legs,
        List<Route.Remote> remotes,
        List<Route.Remote> qos0Remotes,
        List<SharedGroup<Object, Route>> shared,
        List<UpstreamRoute> upstreams,
        long version) {

    static Routes of(TopicTree<Object, Route> tree, TopicName topic, List<UpstreamRoute> allUpstreams) {
        long version = tree.version();
        Builder builder = new Builder();
        tree.match(topic, builder);
        List<UpstreamRoute> upstreams = new ArrayList<>();
        for (UpstreamRoute route : allUpstreams) {
            if (route.filter().matches(topic)) {
                upstreams.add(route);
            }
        }
        return builder.build(List.copyOf(upstreams), version);
    }

    private static final class Builder implements TopicTree.Sink<Object, Route> {
        private final Map<LocalSubscriber, Route.Local> locals = new LinkedHashMap<>();
        private final Map<ClientId, Leg> legs = new LinkedHashMap<>();
        private final Map<Object, Route.Remote> remotes = new LinkedHashMap<>();
        private final List<SharedGroup<Object, Route>> shared = new ArrayList<>();

        @Override
        public void onMatch(Object key, Route route) {
            if (route instanceof Route.Local local) {
                locals.merge(local.subscriber(), local, (a, b) -> a.grant().compareTo(b.grant()) >= 0 ? a : b);
            } else if (route instanceof Route.Session session) {
                Leg leg = session.leg();
                legs.merge(leg.session().client(), leg, (a, b) -> a.grant().compareTo(b.grant()) >= 0 ? a : b);
            } else if (route instanceof Route.Remote remote) {
                remotes.merge(remote.node(), remote, (a, b) -> a.grant().compareTo(b.grant()) >= 0 ? a : b);
            }
        }

        @Override
        public void onSharedMatch(SharedGroup<Object, Route> group) {
            shared.add(group);
        }

        Routes build(List<UpstreamRoute> upstreams, long version) {
            List<Leg> durable = new ArrayList<>();
            List<Leg> qos0 = new ArrayList<>();
            for (Leg leg : legs.values()) {
                (leg.grant() == QoS.AT_MOST_ONCE ? qos0 : durable).add(leg);
            }
            List<Route.Remote> durableRemotes = new ArrayList<>();
            List<Route.Remote> qos0Remotes = new ArrayList<>();
            for (Route.Remote remote : remotes.values()) {
                (remote.grant() == QoS.AT_MOST_ONCE ? qos0Remotes : durableRemotes).add(remote);
            }
            return new Routes(
                    List.copyOf(locals.values()),
                    List.copyOf(durable),
                    List.copyOf(qos0),
                    List.copyOf(durableRemotes),
                    List.copyOf(qos0Remotes),
                    List.copyOf(shared),
                    upstreams,
                    version);
        }
    }
}
