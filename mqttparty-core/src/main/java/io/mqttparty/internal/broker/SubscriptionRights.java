package io.mqttparty.internal.broker;

import io.mqttparty.model.ClientInfo;
import io.mqttparty.model.Subscription;
import io.mqttparty.spi.Authorizer;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Asks the authorizer about subscriptions, one after the other. */
final class SubscriptionRights {
    private final BrokerRuntime broker;
    private final LoopContext loop;
    private final ClientInfo client;

    SubscriptionRights(BrokerRuntime broker, LoopContext loop, ClientInfo client) {
        this.broker = broker;
        this.loop = loop;
        this.client = client;
    }

    /** Hands on whether each of them is allowed. */
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
                (index, next) -> SpiCalls.call(
                        loop,
                        broker.timeouts().decisionNanos(),
                        "authorizer",
                        () -> authorizer.maySubscribe(client, subscriptions.get(index)),
                        may -> {
                            allowed[index] = may;
                            next.run();
                        },
                        failure -> {
                            broker.log().spiFailed("authorizer", client.clientId(), failure);
                            next.run();
                        }),
                () -> onDecided.accept(allowed));
    }
}
