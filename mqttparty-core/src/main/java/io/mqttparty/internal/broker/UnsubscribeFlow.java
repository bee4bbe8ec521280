package io.mqttparty.internal.broker;

import io.mqttparty.internal.packet.Unsubscribe;
import io.mqttparty.model.ReasonCode;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.RoutePosition;
import io.mqttparty.spi.SessionStore.SubscriptionChange;
import java.util.List;

/** The way of one UNSUBSCRIBE: no new message is added after UNSUBACK [MQTT-3.10.4-2]; what was started is finished [MQTT-3.10.4-3]. */
final class UnsubscribeFlow {
    private final BrokerRuntime broker;
    private final ConnectionDriver connection;
    private final LiveSession session;
    private final Unsubscribe unsubscribe;
    private RoutePosition position = RoutePosition.START;

    UnsubscribeFlow(BrokerRuntime broker, ConnectionDriver connection, Unsubscribe unsubscribe) {
        this.broker = broker;
        this.connection = connection;
        this.session = connection.session();
        this.unsubscribe = unsubscribe;
    }

    void start() {
        connection.pressure().awaitAnswer();
        if (session.persistent) {
            store();
        } else {
            route();
        }
    }

    private void store() {
        var change = new SubscriptionChange(
                List.of(), unsubscribe.filters(), broker.limits().subscriptions());
        SpiCalls.call(
                connection.loop(),
                broker.timeouts().storeNanos(),
                "session store",
                () -> broker.sessions().subscribe(session.fence, change),
                result -> {
                    if (result.result() == FenceResult.OK) {
                        broker.gate().await(connection.loop(), result.position(), this::done);
                    } else {
                        connection.end(ReasonCode.SESSION_TAKEN_OVER);
                        connection.pressure().answered();
                    }
                },
                this::onFailed);
    }

    private void route() {
        List<TopicFilter> filters = unsubscribe.filters();
        Steps.each(
                filters.size(),
                (index, next) -> {
                    TopicFilter filter = filters.get(index);
                    if (!session.unsubscribed(filter)) { // [MQTT-3.10.4-1]
                        next.run();
                        return;
                    }
                    SpiCalls.call(
                            connection.loop(),
                            broker.timeouts().storeNanos(),
                            "route log",
                            () -> broker.routes().unsubscribe(connection, filter),
                            reached -> {
                                position = reached.compareTo(position) > 0 ? reached : position;
                                next.run();
                            },
                            this::onFailed);
                },
                () -> broker.gate().await(connection.loop(), position, this::done));
    }

    private void onFailed(Throwable failure) {
        broker.storeFailed(connection, failure);
        connection.pressure().answered();
    }

    private void done() {
        if (!connection.isClosed()) {
            connection.machine().onUnsubscribed(unsubscribe.packetId()); // [MQTT-3.10.4-5]
            unsubscribe.filters().forEach(filter -> broker.events().unsubscribed(session.client, filter));
        }
        connection.pressure().answered();
    }
}
