package io.mqttparty.internal.broker;

import io.mqttparty.model.ClientInfo;
import io.mqttparty.model.Message;
import io.mqttparty.model.ProtocolVersion;
import io.mqttparty.model.TopicName;
import io.mqttparty.model.Will;
import io.mqttparty.spi.Authorizer;
import io.mqttparty.spi.Counter;
import io.mqttparty.spi.DropReason;
import io.mqttparty.spi.Leg;
import io.mqttparty.spi.SessionStore.Fired;
import io.mqttparty.spi.SessionStore.PendingWill;
import io.mqttparty.spi.SessionStore.Stored;
import io.mqttparty.spi.Targets;
import io.mqttparty.spi.Upstream;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Publishes wills, each once (section 3.1.2.5). A will is pending in the store from the end of its connection until this is done; whoever finds
 * it pending does it: the node that lost the connection, the one that the client came back to, or the sweeper.
 */
final class Wills {
    private final BrokerRuntime broker;

    Wills(BrokerRuntime broker) {
        this.broker = broker;
    }

    /** Whether the client may have this will: asked at CONNECT and again before it is published. */
    void mayPublish(LoopContext loop, ClientInfo client, Will will, Consumer<Boolean> onDecided) {
        Authorizer authorizer = broker.authorizer();
        if (Admission.isReserved(will.message().topic())) {
            onDecided.accept(false);
        } else if (authorizer == null) {
            onDecided.accept(true);
        } else {
            SpiCalls.call(
                    loop,
                    broker.timeouts().decisionNanos(),
                    "authorizer",
                    () -> authorizer.mayPublish(client, will.message().topic()),
                    onDecided,
                    failure -> {
                        broker.log().spiFailed("authorizer", client.clientId(), failure);
                        onDecided.accept(false);
                    });
        }
    }

    /** Publishes a will for a user of whom no connection is known here. */
    void fire(LoopContext loop, PendingWill pending, Runnable onDone) {
        ClientInfo owner = new ClientInfo(
                pending.client(),
                pending.username(),
                ProtocolVersion.MQTT_3_1_1,
                false,
                0,
                InetSocketAddress.createUnresolved("unknown", 0),
                "unknown",
                Map.of());
        fire(loop, owner, pending, onDone);
    }

    /** Publishes a pending will, or drops it if its client may not publish it any more; then goes on, whatever happened. */
    void fire(LoopContext loop, ClientInfo client, PendingWill pending, Runnable onDone) {
        mayPublish(loop, client, pending.will(), may -> {
            if (!may) {
                drop(loop, client, pending, onDone);
            } else if (pending.will().message().retain()) {
                retain(loop, client, pending, onDone);
            } else {
                target(loop, client, pending, onDone);
            }
        });
    }

    private void drop(LoopContext loop, ClientInfo client, PendingWill pending, Runnable onDone) {
        fire(loop, client, pending, Targets.NONE, onDone, fired -> {
            TopicName topic = pending.will().message().topic();
            broker.dropped(loop, client.clientId(), topic, DropReason.NOT_AUTHORIZED_TO_PUBLISH);
        });
    }

    private void retain(LoopContext loop, ClientInfo client, PendingWill pending, Runnable onDone) {
        SpiCalls.call(
                loop,
                broker.timeouts().storeNanos(),
                "session store",
                () -> broker.sessions().retainWill(pending.client(), pending.epoch()), // [MQTT-3.1.2-17]
                written -> target(loop, client, pending, onDone),
                failure -> failed(client, failure, onDone));
    }

    private void target(LoopContext loop, ClientInfo client, PendingWill pending, Runnable onDone) {
        broker.dispatcher()
                .whenFresh(
                        loop,
                        () -> targetNow(loop, client, pending, onDone),
                        failure -> failed(client, failure, onDone));
    }

    private void targetNow(LoopContext loop, ClientInfo client, PendingWill pending, Runnable onDone) {
        Routes routes = loop.routes().get(pending.will().message().topic());
        Targeting targeting = new Targeting(broker, loop, routes);
        fire(
                loop,
                client,
                pending,
                targeting.targets(),
                onDone,
                fired -> deliver(loop, client, pending, targeting, fired));
    }

    /** Takes the will out of the store, and goes on with {@code onFired} if nobody else has. */
    private void fire(
            LoopContext loop,
            ClientInfo client,
            PendingWill pending,
            Targets targets,
            Runnable onDone,
            Consumer<Fired> onFired) {
        SpiCalls.call(
                loop,
                broker.timeouts().storeNanos(),
                "session store",
                () -> broker.sessions().fireWill(pending.client(), pending.epoch(), targets),
                fired -> {
                    if (fired.fired()) {
                        onFired.accept(fired);
                    }
                    onDone.run();
                },
                failure -> {
                    broker.dispatcher().wakeAll(loop, targets.legs()); // it may have been published all the same
                    failed(client, failure, onDone);
                });
    }

    private void deliver(LoopContext loop, ClientInfo client, PendingWill pending, Targeting targeting, Fired fired) {
        loop.counters().add(Counter.WILLS_PUBLISHED);
        broker.events().willPublished(client, pending.will().message());
        Message message = pending.will().message().withRetain(false); // [MQTT-3.3.1-9]
        List<Leg> legs = targeting.targets().legs();
        for (int i = 0; i < fired.legs().size(); i++) {
            Stored stored = fired.legs().get(i);
            broker.dispatcher().push(loop, legs.get(i), stored.seq(), stored.owner(), message);
        }
        broker.dispatcher().deliverQos0(loop, targeting.qos0Legs(), message);
        targeting.pickAgain(
                message,
                fired.legs(),
                fired.missed(),
                () -> {},
                failure -> broker.log().spiFailed("shared subscription", client.clientId(), failure));
        var request = new Upstream.Request(client, message, loop.newMessageId());
        targeting
                .routes()
                .upstreams()
                .forEach(route -> broker.upstreams().call(loop, route, request, () -> {}, failure -> {}));
    }

    private void failed(ClientInfo client, Throwable failure, Runnable onDone) {
        broker.log().spiFailed("session store", client.clientId(), failure);
        onDone.run(); // it stays pending, and the sweeper finds it
    }
}
