package io.mqttparty.internal.broker;

import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.spi.Leg;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.SessionStore.Stored;
import io.mqttparty.spi.SharedTarget;
import io.mqttparty.spi.Targets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** The targets of a message that reaches all of them in one change of the store: QoS 2 of a persistent session, or a will. */
final class Targeting {
    private final BrokerRuntime broker;
    private final LoopContext loop;
    private final Routes routes;
    private final Targets targets;
    /** The members of shared subscriptions whose legs are the last ones. */
    private final List<SharedMember> pickedLegs = new ArrayList<>();

    private final List<Leg> qos0Legs;

    Targeting(BrokerRuntime broker, LoopContext loop, Routes routes) {
        this.broker = broker;
        this.loop = loop;
        this.routes = routes;
        List<Leg> legs = new ArrayList<>(routes.legs());
        Set<NodeId> nodes = new HashSet<>();
        if (!routes.locals().isEmpty()) {
            nodes.add(broker.nodeId());
        }
        routes.remotes().forEach(remote -> nodes.add(remote.node()));
        routes.qos0Remotes().forEach(remote -> nodes.add(remote.node()));
        List<SharedTarget> shared = new ArrayList<>();
        List<Leg> qos0 = new ArrayList<>(routes.qos0Legs());
        for (var group : routes.shared()) {
            SharedMember picked = broker.sharedPick().pick(loop, group);
            NodeId node = picked == null ? null : broker.sharedPick().nodeOf(picked.route());
            if (picked != null && node != null) {
                shared.add(new SharedTarget(node, picked.filter()));
            } else if (picked != null && picked.route() instanceof Route.Session session) {
                if (session.leg().grant() == QoS.AT_MOST_ONCE) {
                    qos0.add(session.leg());
                } else {
                    legs.add(session.leg());
                    pickedLegs.add(picked);
                }
            }
        }
        this.targets = new Targets(legs, nodes, shared);
        this.qos0Legs = List.copyOf(qos0);
    }

    Routes routes() {
        return routes;
    }

    /** Queues, and nodes with transient sessions, this one included. */
    Targets targets() {
        return targets;
    }

    /** Persistent sessions that get it at QoS 0, which no store keeps. */
    List<Leg> qos0Legs() {
        return qos0Legs;
    }

    /**
     * Picks other members where those that were picked turned out to be gone; one of both is called once, on the loop.
     *
     * @param stored where the legs went
     * @param missed the shared targets that are no members of the cluster
     */
    void pickAgain(
            Message message,
            List<Stored> stored,
            List<SharedTarget> missed,
            Runnable onDone,
            Consumer<Throwable> onFailure) {
        List<SharedTarget> nodes = message.qos() == QoS.AT_MOST_ONCE ? List.of() : missed;
        List<SharedMember> sessions = goneOf(stored);
        Steps.each(
                nodes.size() + sessions.size(),
                (index, next) -> {
                    if (index < nodes.size()) {
                        SharedTarget target = nodes.get(index);
                        GroupDelivery.again(broker, loop, message, target.filter(), target.node(), next, onFailure);
                    } else {
                        SharedMember member = sessions.get(index - nodes.size());
                        GroupDelivery.again(broker, loop, message, member.filter(), member.key(), next, onFailure);
                    }
                },
                onDone);
    }

    private List<SharedMember> goneOf(List<Stored> stored) {
        List<SharedMember> gone = new ArrayList<>();
        int first = targets.legs().size() - pickedLegs.size();
        for (int i = first; i < stored.size(); i++) {
            if (stored.get(i).seq() < 0) {
                gone.add(pickedLegs.get(i - first));
            }
        }
        return gone;
    }
}
