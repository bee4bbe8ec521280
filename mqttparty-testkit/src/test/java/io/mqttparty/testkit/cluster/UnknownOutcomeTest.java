package io.mqttparty.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.DeliveryResult;
import io.mqttparty.DeliveryResult.Outcome;
import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.spi.Owner;
import io.mqttparty.spi.SessionStore.EnqueueCallback;
import io.mqttparty.testkit.TestClient;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A change of the store that was made although its answer got lost, and the subscribers on other nodes that it concerns. */
class UnknownOutcomeTest {
    private final Nodes nodes = Nodes.start(2);
    private final Node a = nodes.get(0);
    private final Node b = nodes.get(1);

    @AfterEach
    void stop() {
        nodes.close();
    }

    @Test
    void will_publishedWithoutAnAnswer_reachesItsSubscriberOnce() {
        TestClient subscriber = b.persistent("s").subscribed("w", 1);
        TestClient client = TestClient.connect(
                        a.transport().connect(), c -> c.clientId("c").will("w", "gone", 1, false))
                .expectConnack(0, false);
        loseAnswers("fireWill");

        client.close();
        nodes.clock().runUntilIdle();

        subscriber.puback(subscriber.expectPublish("w", "gone", 1).packetId());
        a.backend().repair();
        nodes.advance(Duration.ofSeconds(5));
        subscriber.expectNothing();
    }

    @Test // the resend finds it done, and wakes whom nobody told
    void publishQos2_doneWithoutAnAnswer_reachesItsSubscriberWithTheResend() {
        TestClient subscriber = b.persistent("s").subscribed("t", 2);
        TestClient publisher = a.persistent("p");
        loseAnswers("publishQos2");
        publisher.publish("t", "m", 2, 1).expectClosed();
        subscriber.expectNothing();

        a.backend().repair();
        a.resumed("p").publish("t", "m", 2, false, 1, true).expectPubrec(1);

        subscriber.expectPublish("t", "m", 2);
        subscriber.expectNothing();
    }

    @Test // its number tells the subscriber of the one before
    void publishQos1_doneWithoutAnAnswer_reachesItsSubscriberWithTheResend() {
        TestClient subscriber = b.persistent("s").subscribed("t", 1);
        a.backend().replace("enqueue", (store, method, arguments) -> {
            Object[] deaf = arguments.clone();
            deaf[2] = new DeafCallback((EnqueueCallback) arguments[2]);
            return method.invoke(store, deaf);
        });
        a.client("p").publish("t", "m", 1, 1).expectClosed();
        subscriber.expectNothing();

        a.backend().repair();
        a.client("p").publish("t", "m", 1, false, 1, true).expectPuback(1);

        subscriber.expectPublish("t", "m", 1);
        subscriber.expectPublish("t", "m", 1);
        subscriber.expectNothing();
    }

    private record DeafCallback(EnqueueCallback callback) implements EnqueueCallback {
        @Override
        public void onStored(int leg, long seq, Owner owner, long acknowledgedUpTo) {
            callback.onFailed(leg, new IllegalStateException("done, but who knows, on purpose"));
        }

        @Override
        public void onFailed(int leg, Throwable cause) {
            callback.onFailed(leg, cause);
        }
    }

    private void loseAnswers(String method) {
        a.backend().replace(method, (store, called, arguments) -> {
            FaultyNode.answer(store, called, arguments);
            return CompletableFuture.failedFuture(new IllegalStateException("done, but who knows, on purpose"));
        });
    }

    // ---- what the application is told ----

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void publish_subscriberOnAnotherNode_countsAsDelivered(boolean persistent) {
        TestClient subscriber = (persistent ? b.persistent("s") : b.client("s")).subscribed("t", 1);

        DeliveryResult result = nodes.now(a.broker().publish(Message.of("t", "m", QoS.AT_LEAST_ONCE)));

        assertThat(result).isEqualTo(new DeliveryResult(Outcome.DELIVERED, 1, 0));
        subscriber.expectPublish("t", "m", 1);
    }
}
