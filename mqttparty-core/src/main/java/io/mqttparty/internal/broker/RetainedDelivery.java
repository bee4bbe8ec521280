package io.mqttparty.internal.broker;

import io.mqttparty.model.Message;
import io.mqttparty.model.Subscription;
import io.mqttparty.spi.Authorizer;
import io.mqttparty.spi.DropReason;
import io.mqttparty.spi.RetainedStore;
import java.util.List;

/**
 * Sends retained messages that match a new subscription straight to its connection: to transient sessions, and at QoS 0. Page by page, as fast
 * as the client takes them.
 */
final class RetainedDelivery {
    private static final int PAGE = 256;
    private static final long RETRY_NANOS = 10_000_000L;

    private final BrokerRuntime broker;
    private final ConnectionDriver connection;
    private final Subscription subscription;

    RetainedDelivery(BrokerRuntime broker, ConnectionDriver connection, Subscription subscription) {
        this.broker = broker;
        this.connection = connection;
        this.subscription = subscription;
    }

    void start() {
        page("");
    }

    private void page(String after) {
        if (connection.isClosed()) {
            return;
        }
        if (!connection.isWritable() || connection.machine().isCongested()) {
            var unused = connection.loop().eventLoop().schedule(RETRY_NANOS, () -> page(after));
            return;
        }
        SpiCalls.call(
                connection.loop(),
                broker.timeouts().storeNanos(),
                "retained store",
                () -> broker.retained().match(subscription.filter(), after, PAGE),
                this::deliver,
                failure -> broker.storeFailed(connection, failure));
    }

    private void deliver(RetainedStore.Page page) {
        List<Message> messages = page.messages();
        Steps.each(
                messages.size(),
                (index, next) -> checked(messages.get(index), next),
                // Not during this call: a store that answers at once must not make a stack as deep as its pages.
                () -> page.next()
                        .ifPresent(next -> connection.loop().eventLoop().execute(() -> page(next))));
    }

    private void checked(Message message, Runnable next) {
        Authorizer authorizer = broker.authorizer();
        if (authorizer == null) {
            send(message);
            next.run();
            return;
        }
        SpiCalls.call(
                connection.loop(),
                broker.timeouts().decisionNanos(),
                "authorizer",
                () -> authorizer.mayReceive(connection.session().client, message.topic()),
                may -> {
                    if (may) {
                        send(message);
                    } else {
                        connection.drop(message, DropReason.NOT_AUTHORIZED_TO_RECEIVE);
                    }
                    next.run();
                },
                failure -> {
                    broker.log().spiFailed("authorizer", connection.session().clientId(), failure);
                    connection.drop(message, DropReason.NOT_AUTHORIZED_TO_RECEIVE);
                    next.run();
                });
    }

    private void send(Message message) {
        if (message.isExpiredAt(broker.clock().millis())) {
            connection.drop(message, DropReason.EXPIRED);
        } else {
            connection.deliverRetained(message, subscription.qos());
        }
    }
}
