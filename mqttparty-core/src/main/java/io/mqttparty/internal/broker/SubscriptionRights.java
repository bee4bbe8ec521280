package io.mqttparty.internal.broker;

import io.mqttparty.model.ClientInfo;
import io.mqttparty.model.Subscription;
import io.mqttparty.spi.Authorizer;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Asks the authorizer about subscriptions, several at a time. */
final class SubscriptionRights {
    private final BrokerRuntime broker;
    private final ConnectionDriver connection;
    private final ClientInfo client;

    SubscriptionRights(BrokerRuntime broker, ConnectionDriver connection, ClientInfo client) {
        this.broker = broker;
        this.connection = connection;
        this.client = client;
    }

    /** Hands on whether each of them is allowed. If the connection is closed meanwhile, the rest is not asked for. */
    void check(List<Subscription> subscriptions, Consumer<boolean[]> onDecided) {
        boolean[] allowed = new boolean[subscriptions.size()];
        Authorizer authorizer = broker.authorizer();
        if (authorizer == null) {
            Arrays.fill(allowed, true);
            onDecided.accept(allowed);
            return;
        }
        Steps.each(
                allowed.length,
                Steps.QUESTIONS_AT_ONCE,
                (index, onDone) -> {
                    if (connection.isClosed()) {
                        onDone.run();
                    } else {
                        ask(authorizer, subscriptions.get(index), may -> {
                            allowed[index] = may;
                            onDone.run();
                        });
                    }
                },
                () -> onDecided.accept(allowed));
    }

    private void ask(Authorizer authorizer, Subscription subscription, Consumer<Boolean> onAnswer) {
        SpiCalls.call(
                connection.loop(),
                broker.timeouts().decisionNanos(),
                "authorizer",
                () -> authorizer.maySubscribe(client, subscription),
                onAnswer,
                failure -> {
                    broker.log().spiFailed("authorizer", client.clientId(), failure);
                    onAnswer.accept(false);
                });
    }
}
