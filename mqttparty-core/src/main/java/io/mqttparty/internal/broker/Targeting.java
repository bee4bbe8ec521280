package io.mqttparty.internal.broker;

import io.mqttparty.internal.routing.SharedGroup;
import io.mqttparty.model.QoS;
import io.mqttparty.spi.Leg;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.Targets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The targets of a message that reaches all of them in one change of the store: QoS 2 of a persistent session, or a will. */
final class Targeting {
    private final Targets targets;
    private final List<Route.Local> pickedLocals = new ArrayList<>();

    Targeting(BrokerRuntime broker, Routes routes) {
        List<Leg> legs = new ArrayList<>(routes.legs());
        Set<NodeId> nodes = new HashSet<>();
        if (!routes.locals().isEmpty()) {
            nodes.add(broker.nodeId());
        }
        routes.remotes().forEach(remote -> nodes.add(remote.node()));
        routes.qos0Remotes().forEach(remote -> nodes.add(remote.node()));
        for (SharedGroup<Object, Route> group : routes.shared()) {
            Route picked = broker.sharedPick().pick(group);
            if (picked instanceof Route.Local local) {
                pickedLocals.add(local);
            } else if (picked instanceof Route.Session session && session.leg().grant() != QoS.AT_MOST_ONCE) {
                legs.add(session.leg());
            }
        }
        this.targets = new Targets(legs, nodes, List.of());
    }

    /** Queues, and nodes with transient sessions, this one included. */
    Targets targets() {
        return targets;
    }

    /** Members of shared subscriptions on this node that were picked; they get the message directly. */
    List<Route.Local> pickedLocals() {
        return pickedLocals;
    }
}
