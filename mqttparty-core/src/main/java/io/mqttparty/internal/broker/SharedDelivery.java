package io.mqttparty.internal.broker;

import io.mqttparty.internal.routing.SharedGroup;
import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.spi.Leg;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes a message to one member of each shared subscription. What is local is delivered;
 * queues of sessions are handed back as further legs.
 */
final class SharedDelivery {
    private final BrokerRuntime broker;
    private final LoopContext loop;
    private final Message message;
    private final @Nullable ConnectionDriver publisher;
    private int delivered;

    SharedDelivery(BrokerRuntime broker, LoopContext loop, Message message, @Nullable ConnectionDriver publisher) {
        this.publisher = publisher;
        this.broker = broker;
        this.loop = loop;
        this.message = message;
    }

    /** The legs, and those of the members that were picked. */
    List<Leg> deliver(Routes routes, List<Leg> legs) {
        List<Leg> more = new ArrayList<>(legs);
        for (SharedGroup<Object, Route> group : routes.shared()) {
            Route picked = broker.sharedPick().pick(group);
            if (picked instanceof Route.Local local) {
                if (publisher != null
                        && message.qos() != QoS.AT_MOST_ONCE
                        && local.subscriber().isCongested()) {
                    local.subscriber().holdBack(publisher);
                }
                loop.deliver(local.subscriber(), message, local.grant());
                delivered++;
            } else if (picked instanceof Route.Session session) {
                if (session.leg().grant() == QoS.AT_MOST_ONCE) {
                    delivered += broker.dispatcher().deliverQos0(loop, List.of(session.leg()), message);
                } else {
                    more.add(session.leg());
                }
            }
        }
        return more;
    }

    /** How many members on this node got it. */
    int delivered() {
        return delivered;
    }
}
