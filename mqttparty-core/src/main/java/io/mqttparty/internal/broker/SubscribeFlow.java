package io.mqttparty.internal.broker;

import io.mqttparty.internal.packet.Suback;
import io.mqttparty.internal.packet.Subscribe;
import io.mqttparty.model.QoS;
import io.mqttparty.model.ReasonCode;
import io.mqttparty.model.Subscription;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.RoutePosition;
import io.mqttparty.spi.SessionStore.RetainedCursor;
import io.mqttparty.spi.SessionStore.Subscribed;
import io.mqttparty.spi.SessionStore.SubscriptionChange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The way of one SUBSCRIBE: rights, subscription, the gate of the routes, SUBACK, retained messages (section 3.8.4). The connection is not read
 * until SUBACK.
 */
final class SubscribeFlow {
    private final BrokerRuntime broker;
    private final ConnectionDriver connection;
    private final LiveSession session;
    private final Subscribe subscribe;
    private final Integer[] codes;
    private RoutePosition position = RoutePosition.START;

    SubscribeFlow(BrokerRuntime broker, ConnectionDriver connection, Subscribe subscribe) {
        this.broker = broker;
        this.connection = connection;
        this.session = connection.session();
        this.subscribe = subscribe;
        this.codes = new Integer[subscribe.subscriptions().size()];
    }

    void start() {
        connection.pressure().awaitAnswer();
        new SubscriptionRights(broker, connection, session.client).check(subscribe.subscriptions(), this::onDecided);
    }

    private void onDecided(boolean[] allowed) {
        List<Subscription> granted = new ArrayList<>();
        for (int i = 0; i < allowed.length; i++) {
            Subscription asked = subscribe.subscriptions().get(i);
            boolean grant = allowed[i] && (session.persistent || hasRoomFor(asked));
            codes[i] = grant ? asked.qos().value() : Suback.FAILURE;
            if (grant) {
                granted.add(asked);
                if (!session.persistent) {
                    session.subscribed(asked.filter(), asked.qos());
                }
            }
        }
        if (connection.isClosed()) {
            connection.pressure().answered();
        } else if (granted.isEmpty()) {
            done(granted);
        } else if (session.persistent) {
            store(granted);
        } else {
            route(granted);
        }
    }

    private boolean hasRoomFor(Subscription asked) {
        return session.has(asked.filter())
                || session.filters().size() < broker.limits().subscriptions();
    }

    private void store(List<Subscription> granted) {
        var change = new SubscriptionChange(granted, List.of(), broker.limits().subscriptions());
        SpiCalls.call(
                connection.loop(),
                broker.timeouts().storeNanos(),
                "session store",
                () -> broker.sessions().subscribe(session.fence, change),
                result -> onStored(result, granted),
                this::onFailed);
    }

    private void onStored(Subscribed result, List<Subscription> granted) {
        if (result.result() == FenceResult.STALE) {
            connection.end(ReasonCode.SESSION_TAKEN_OVER);
            connection.pressure().answered();
            return;
        }
        List<Subscription> kept = new ArrayList<>();
        for (Subscription subscription : granted) {
            if (!result.refused().contains(subscription.filter())) {
                kept.add(subscription);
            }
        }
        for (int i = 0; i < codes.length; i++) {
            if (result.refused().contains(subscribe.subscriptions().get(i).filter())) {
                codes[i] = Suback.FAILURE;
            }
        }
        broker.gate().await(connection.loop(), result.position(), () -> done(kept));
    }

    private void route(List<Subscription> granted) {
        Steps.each(
                granted.size(),
                (index, next) -> {
                    if (connection.isClosed()) {
                        connection.pressure().answered();
                        return;
                    }
                    SpiCalls.call(
                            connection.loop(),
                            broker.timeouts().storeNanos(),
                            "route log",
                            () -> broker.routes().subscribe(connection, granted.get(index)),
                            reached -> {
                                position = reached.compareTo(position) > 0 ? reached : position;
                                next.run();
                            },
                            this::onFailed);
                },
                () -> broker.gate().await(connection.loop(), position, () -> done(granted)));
    }

    private void onFailed(Throwable failure) {
        broker.storeFailed(connection, failure);
        connection.pressure().answered();
    }

    private void done(List<Subscription> granted) {
        if (!connection.isClosed()) {
            connection.machine().onSubscribed(subscribe.packetId(), List.of(codes)); // [MQTT-3.9.3-1]
            Map<String, Subscription> last = new LinkedHashMap<>();
            granted.forEach(subscription -> last.put(subscription.filter().value(), subscription));
            for (Subscription subscription : last.values()) {
                broker.events().subscribed(session.client, subscription);
                sendRetained(subscription);
            }
        }
        connection.pressure().answered();
    }

    /** Retained messages of a new or repeated subscription [MQTT-3.3.1-6], [MQTT-3.8.4-3]; a shared one gets none. */
    private void sendRetained(Subscription subscription) {
        if (session.persistent && subscription.qos() != QoS.AT_MOST_ONCE) {
            var cursor = new RetainedCursor(subscription.filter(), subscription.qos(), "");
            session.retainedTurns().add(new RetainedQueueing(broker, connection, cursor)::start);
        } else if (!subscription.filter().isShared()) {
            session.retainedTurns().add(new RetainedDelivery(broker, connection, subscription)::start);
        }
    }
}
