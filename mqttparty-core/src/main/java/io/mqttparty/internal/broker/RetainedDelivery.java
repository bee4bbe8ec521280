package io.mqttparty.internal.broker;

import io.mqttparty.model.Message;
import io.mqttparty.model.Subscription;
import io.mqttparty.spi.Authorizer;
import io.mqttparty.spi.DropReason;
import io.mqttparty.spi.RetainedStore;
import java.util.Optional;

/**
 * Sends retained messages that match a new subscription straight to its connection: to transient sessions, and at QoS 0. Page by page, as fast
 * as the client takes them.
 */
final class RetainedDelivery {
    private static final int PAGE = 256;

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
        SpiCalls.call(
                connection.loop(),
                broker.timeouts().storeNanos(),
                "retained store",
                () -> broker.retained().match(subscription.filter(), after, PAGE),
                this::onPage,
                failure -> broker.storeFailed(connection, failure));
    }

    private void onPage(RetainedStore.Page page) {
        Steps.each(
                page.messages().size(),
                (index, onDone) -> offer(page.messages().get(index), onDone),
                () -> goOn(page.next()));
    }

    private void goOn(Optional<String> next) {
        if (next.isEmpty()) {
            connection.session().retainedTurns().done();
            return;
        }
        // Not during this call: a store that answers at once must not make a stack as deep as its pages.
        connection.loop().execute(() -> page(next.get()));
    }

    /** Sends one message when the client takes it. */
    private void offer(Message message, Runnable onDone) {
        if (connection.isClosed()) {
            return;
        }
        if (!connection.isWritable() || connection.machine().isCongested()) {
            connection.session().retainedTurns().pause(() -> offer(message, onDone));
            return;
        }
        Authorizer authorizer = broker.authorizer();
        if (authorizer == null) {
            send(message);
            onDone.run();
        } else {
            check(authorizer, message, onDone);
        }
    }

    private void check(Authorizer authorizer, Message message, Runnable onDone) {
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
                    onDone.run();
                },
                failure -> {
                    broker.log().spiFailed("authorizer", connection.session().clientId(), failure);
                    connection.drop(message, DropReason.NOT_AUTHORIZED_TO_RECEIVE);
                    onDone.run();
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
