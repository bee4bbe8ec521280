package io.mqttparty.internal.broker;

import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.Leg;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes a message to one member of each shared subscription. What is local is delivered, what is at QoS 0 is sent on; what has to be waited for
 * is handed back.
 */
final class SharedDelivery {
    private final BrokerRuntime broker;
    private final LoopContext loop;
    private final Message message;
    private final @Nullable ConnectionDriver publisher;
    private final List<SharedMember> durable = new ArrayList<>();
    private int delivered;

    SharedDelivery(BrokerRuntime broker, LoopContext loop, Message message, @Nullable ConnectionDriver publisher) {
        this.publisher = publisher;
        this.broker = broker;
        this.loop = loop;
        this.message = message;
    }

    void deliver(Routes routes) {
        for (var group : routes.shared()) {
            SharedMember picked = broker.sharedPick().pick(loop, group);
            if (picked != null) {
                deliver(picked);
            }
        }
    }

    private void deliver(SharedMember picked) {
        if (picked.route() instanceof Route.Local local) {
            if (publisher != null
                    && message.qos() != QoS.AT_MOST_ONCE
                    && local.subscriber().isCongested()) {
                local.subscriber().holdBack(publisher);
            }
            loop.deliver(local.subscriber(), message, local.grant());
            delivered++;
        } else if (picked.route() instanceof Route.Session session) {
            deliver(picked, session.leg());
        } else if (picked.route() instanceof Route.Remote remote) {
            deliver(picked, remote);
        }
    }

    private void deliver(SharedMember picked, Leg leg) {
        if (isDurable(leg.grant())) {
            durable.add(picked);
        } else {
            delivered += broker.dispatcher().deliverQos0(loop, List.of(leg), message);
        }
    }

    private void deliver(SharedMember picked, Route.Remote remote) {
        if (isDurable(remote.grant())) {
            durable.add(picked);
        } else {
            BusRecord record = new BusRecord.TransmitShared(message, picked.filter(), 0);
            broker.links().send(loop, remote.node(), record, () -> {});
        }
    }

    private boolean isDurable(QoS grant) {
        return message.qos() != QoS.AT_MOST_ONCE && grant != QoS.AT_MOST_ONCE;
    }

    /** Members with a queue in the store or on other nodes, to which the message may not be lost. */
    List<SharedMember> durable() {
        return durable;
    }

    /** How many members got it. */
    int delivered() {
        return delivered;
    }
}
