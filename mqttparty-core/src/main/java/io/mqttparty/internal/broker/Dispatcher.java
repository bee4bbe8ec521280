package io.mqttparty.internal.broker;

import io.mqttparty.internal.routing.SharedGroup;
import io.mqttparty.internal.session.Effects;
import io.mqttparty.model.ClientId;
import io.mqttparty.model.ClientInfo;
import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.Counter;
import io.mqttparty.spi.DropReason;
import io.mqttparty.spi.Fence;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.Leg;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.Owner;
import io.mqttparty.spi.Presence;
import io.mqttparty.spi.SessionRef;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes messages to everybody who is subscribed. All legs of a message start at once; it is safe when the last one that is durable has
 * answered. Called on the publisher's loop.
 */
final class Dispatcher {
    private final BrokerRuntime broker;

    Dispatcher(BrokerRuntime broker) {
        this.broker = broker;
    }

    /** A message of a client, at QoS 0 and 1, and at QoS 2 of a transient session. */
    void publish(ConnectionDriver publisher, Message message, int ticket) {
        if (broker.admission().isOpen(message)) {
            admitted(publisher, message, ticket);
        } else {
            broker.admission()
                    .admit(
                            publisher,
                            message,
                            changed -> admitted(publisher, changed, ticket),
                            () -> publisher.onPublished(ticket, PublishOutcome.NOBODY));
        }
    }

    private void admitted(ConnectionDriver publisher, Message message, int ticket) {
        if (publisher.isClosed()) {
            return;
        }
        LiveSession session = publisher.session();
        broker.requests().onPublish(session.clientId(), message);
        if (!message.retain()) {
            publish(publisher, message, session.client, ticket);
            return;
        }
        publisher.pressure().awaitAnswer(); // what it publishes next must not overtake this
        Optional<Fence> fence = session.persistent ? Optional.of(session.fence) : Optional.empty();
        retain(publisher.loop(), message, fence, new PublishListener() {
            @Override
            public void onPublished(int unused, PublishOutcome outcome) {
                whenFresh(
                        publisher.loop(),
                        () -> {
                            if (!publisher.isClosed()) {
                                Message routed = message.withRetain(false);
                                route(publisher.loop(), routed, session.client, publisher, ticket);
                            }
                            publisher.pressure().answered();
                        },
                        failure -> onPublishFailed(unused, failure));
            }

            @Override
            public void onPublishFailed(int unused, Throwable cause) {
                publisher.onPublishFailed(ticket, cause);
                publisher.pressure().answered();
            }

            @Override
            public void onPending(int change) {}
        });
    }

    private void publish(ConnectionDriver publisher, Message message, ClientInfo client, int ticket) {
        LoopContext loop = publisher.loop();
        if (broker.freshness().isFresh(loop.inputAt())) {
            route(loop, message, client, publisher, ticket);
            return;
        }
        publisher.pressure().awaitAnswer(); // nor this
        whenFresh(
                loop,
                loop.inputAt(),
                () -> {
                    if (!publisher.isClosed()) {
                        route(loop, message, client, publisher, ticket);
                    }
                    publisher.pressure().answered();
                },
                failure -> {
                    publisher.onPublishFailed(ticket, failure);
                    publisher.pressure().answered();
                });
    }

    /**
     * Goes on once the mirror of the routes may be used for a message that came now, which is at once as a rule. Asked between whatever a
     * message needs before it is routed and the routing, since a subscription that was answered before must be seen.
     */
    void whenFresh(LoopContext loop, Runnable onFresh, Consumer<Throwable> onFailure) {
        long now = broker.freshness().now();
        if (broker.freshness().isFresh(now)) {
            onFresh.run();
        } else {
            whenFresh(loop, now, onFresh, onFailure);
        }
    }

    private void whenFresh(LoopContext loop, long nanoTime, Runnable onFresh, Consumer<Throwable> onFailure) {
        loop.counters().add(Counter.ROUTES_AWAITED);
        broker.freshness().await(loop, nanoTime, onFresh, onFailure);
    }

    /** Writes the retained message of its topic; then, and only then, the message is to be routed. */
    void retain(LoopContext loop, Message message, Optional<Fence> fence, PublishListener listener) {
        SpiCalls.call(
                loop,
                broker.timeouts().storeNanos(),
                "retained store",
                () -> broker.retained().put(message, fence),
                result -> {
                    if (result == FenceResult.OK) {
                        listener.onPublished(Effects.NO_TICKET, PublishOutcome.NOBODY);
                    } else {
                        listener.onPublishFailed(Effects.NO_TICKET, new StaleException());
                    }
                },
                failure -> listener.onPublishFailed(Effects.NO_TICKET, failure));
    }

    /** Starts all legs of a message that no client published. */
    void routeWhenFresh(LoopContext loop, Message message, PublishListener listener) {
        whenFresh(
                loop,
                () -> route(loop, message, null, listener, Effects.NO_TICKET),
                failure -> listener.onPublishFailed(Effects.NO_TICKET, failure));
    }

    /**
     * Starts all legs of a message. The mirror of the routes is fresh.
     *
     * @param message as it is to be delivered, without the retain flag
     * @param client its publisher, if it is a client: then the upstreams take it too
     */
    void route(LoopContext loop, Message message, @Nullable ClientInfo client, PublishListener listener, int ticket) {
        Routes routes = loop.routes().get(message.topic());
        boolean qos0 = message.qos() == QoS.AT_MOST_ONCE;
        ConnectionDriver publisher = listener instanceof ConnectionDriver connection ? connection : null;
        int delivered = deliverLocally(loop, routes, message, publisher);
        List<Leg> legs = routes.legs();
        List<SharedMember> picked = List.of();
        if (!routes.shared().isEmpty()) {
            SharedDelivery shared = new SharedDelivery(broker, loop, message, publisher);
            shared.deliver(routes);
            picked = shared.durable();
            delivered += shared.delivered();
        }
        delivered += deliverQos0(loop, routes.qos0Legs(), message);
        List<Route.Remote> remotes = routes.remotes();
        transmitQos0(loop, routes.qos0Remotes(), message);
        if (qos0) {
            delivered += deliverQos0(loop, legs, message);
            transmitQos0(loop, remotes, message);
            legs = List.of();
            remotes = List.of();
        }
        List<UpstreamRoute> upstreams = client == null ? List.of() : routes.upstreams();
        if (legs.isEmpty() && upstreams.isEmpty() && remotes.isEmpty() && picked.isEmpty()) {
            listener.onPublished(ticket, PublishOutcome.delivered(delivered));
            return;
        }
        Publication publication = new Publication(broker, loop, message, listener, ticket, delivered);
        publication.start(legs, remotes, picked, upstreams, client, loop.newMessageId());
    }

    /** To transient sessions of other nodes that get it at QoS 0: nobody waits for the bus. */
    private void transmitQos0(LoopContext loop, List<Route.Remote> remotes, Message message) {
        for (int i = 0; i < remotes.size(); i++) {
            broker.links().send(loop, remotes.get(i).node(), new BusRecord.Transmit(message), () -> {});
        }
    }

    /** Everybody on this node without a queue in the store. */
    int deliverLocally(LoopContext loop, Routes routes, Message message, @Nullable ConnectionDriver publisher) {
        List<Route.Local> locals = routes.locals();
        for (int i = 0; i < locals.size(); i++) {
            Route.Local local = locals.get(i);
            LocalSubscriber subscriber = local.subscriber();
            if (publisher != null && message.qos() != QoS.AT_MOST_ONCE && subscriber.isCongested()) {
                subscriber.holdBack(publisher);
            }
            loop.deliver(subscriber, message, local.grant());
        }
        return locals.size();
    }

    /**
     * QoS 0 for persistent sessions: those that are connected get it, here or on another node; nobody stores it.
     *
     * @return how many of them got it or are about to
     */
    int deliverQos0(LoopContext loop, List<Leg> legs, Message message) {
        int delivered = 0;
        for (int i = 0; i < legs.size(); i++) {
            Leg leg = legs.get(i);
            ConnectionDriver connection = broker.local().newest(leg.session().client());
            if (connection != null) {
                loop.deliver(connection, message, QoS.AT_MOST_ONCE);
                delivered++;
            } else if (loop.forwarding(broker).forward(leg.session(), message)) {
                delivered++;
            }
        }
        return delivered;
    }

    /** QoS 0 that another node forwarded, on any thread. It goes to the session if that is connected here, and nowhere else. */
    void forwarded(NodeId from, BusRecord.Forward forward) {
        ConnectionDriver connection = broker.local().newest(forward.session().client());
        if (connection == null || !connection.loop().execute(() -> forwarded(from, forward, connection))) {
            broker.homeLoop().execute(() -> moved(broker.homeLoop(), from, forward));
        }
    }

    private void forwarded(NodeId from, BusRecord.Forward forward, ConnectionDriver connection) {
        LiveSession session = connection.sessionIfAny();
        if (session != null && session.ref.equals(forward.session()) && !connection.isClosed()) {
            connection.deliver(forward.message(), QoS.AT_MOST_ONCE);
        } else if (session == null && !connection.isClosed()) { // it is coming, but is not there yet
            drop(connection.loop(), forward, DropReason.OFFLINE_QOS0);
        } else {
            moved(connection.loop(), from, forward);
        }
    }

    private void moved(LoopContext loop, NodeId from, BusRecord.Forward forward) {
        drop(loop, forward, DropReason.MOVED_QOS0);
        broker.links().send(loop, from, new BusRecord.NotOwner(forward.session().client()), () -> {});
    }

    private void drop(LoopContext loop, BusRecord.Forward forward, DropReason reason) {
        broker.dropped(loop, forward.session().client(), forward.message().topic(), reason);
    }

    /** A message of another node, or of a change that reaches all at once, for the transient sessions of this one. */
    void transmit(LoopContext loop, Message message) {
        deliverLocally(loop, loop.routes().get(message.topic()), message, null);
    }

    /** A message of another node for one of the transient sessions of this one that share a subscription. */
    void transmitShared(LoopContext loop, BusRecord.TransmitShared shared) {
        SharedGroup<Object, Route> group = broker.routes().group(shared.filter());
        Route.Local member = group == null ? null : broker.sharedPick().pickLocal(group);
        if (member == null) {
            GroupDelivery.passOn(broker, loop, shared.message(), shared.filter(), shared.passedOn() + 1);
        } else {
            loop.deliver(member.subscriber(), shared.message(), member.grant());
        }
    }

    /** Tells the owner of a queue that a record was appended to it. */
    void push(LoopContext loop, Leg leg, long seq, Owner owner, Message message) {
        broker.owners().heard(leg.session().client(), owner);
        NodeId node = owner.node().orElse(null);
        if (node == null || seq < 0) {
            return;
        }
        Message stored = message.withQos(message.qos().min(leg.grant()));
        if (!node.equals(broker.nodeId())) {
            broker.links().send(loop, node, new BusRecord.Push(leg.session(), seq, Optional.of(stored)), () -> {});
            return;
        }
        for (ConnectionDriver connection : broker.local().of(leg.session().client())) {
            loop.push(connection, leg.session(), seq, stored);
        }
    }

    /** Tells the owner of a queue that it may hold records of which the owner was not told. */
    void wake(SessionRef session, Optional<NodeId> owner) {
        if (owner.isEmpty()) {
            return;
        }
        if (!owner.get().equals(broker.nodeId())) {
            BusRecord.Push bare = new BusRecord.Push(session, 0, Optional.empty());
            broker.links().send(broker.homeLoop(), owner.get(), bare, () -> {});
            return;
        }
        for (ConnectionDriver connection : broker.local().of(session.client())) {
            connection.loop().execute(() -> connection.onPushed(session, 0, null));
        }
    }

    /** Tells the owners of these queues the same, wherever they are: a change that reaches them may have been made, or not. */
    void wakeAll(LoopContext loop, List<Leg> legs) {
        if (legs.isEmpty()) {
            return;
        }
        List<ClientId> clients =
                legs.stream().map(leg -> leg.session().client()).toList();
        SpiCalls.call(
                loop,
                broker.timeouts().storeNanos(),
                "presence",
                () -> broker.cluster().presence().locate(clients),
                found -> legs.forEach(leg -> {
                    Presence.Entry entry = found.get(leg.session().client());
                    if (entry != null) {
                        wake(leg.session(), entry.owner().node());
                    }
                }),
                failure -> broker.log().backendFailed("presence", failure));
    }
}
