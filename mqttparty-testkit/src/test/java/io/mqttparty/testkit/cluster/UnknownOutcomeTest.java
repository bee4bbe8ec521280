package io.mqttparty.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.DeliveryResult;
import io.mqttparty.DeliveryResult.Outcome;
import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.testkit.TestClient;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A change of the store that was made although its answer got lost, and the subscribers on other nodes that it concerns. */
class UnknownOutcomeTest {
    private final ClusterScene scene = ClusterScene.of(2);
    private final ClusterNode a = scene.node(0);
    private final ClusterNode b = scene.node(1);

    @AfterEach
    void stop() {
        scene.close();
    }

    @Test
    void will_publishedWithoutAnAnswer_reachesItsSubscriberOnce() {
        TestClient subscriber = b.persistent("s").subscribed("w", 1);
        TestClient client = TestClient.connect(
                        a.connection(), c -> c.clientId("c").will("w", "gone", 1, false))
                .expectConnack(0, false);
        a.backend().calls("fireWill").loseAnswers();

        client.close();
        scene.clock().runUntilIdle();

        subscriber.puback(subscriber.expectPublish("w", "gone", 1).packetId());
        a.backend().calls("fireWill").pass();
        scene.advance(Duration.ofSeconds(5));
        subscriber.expectNothing();
    }

    @Test // the resend finds it done, and wakes whom nobody told
    void publishQos2_doneWithoutAnAnswer_reachesItsSubscriberWithTheResend() {
        TestClient subscriber = b.persistent("s").subscribed("t", 2);
        TestClient publisher = a.persistent("p");
        a.backend().calls("publishQos2").loseAnswers();
        publisher.publish("t", "m", 2, 1).expectClosed();
        subscriber.expectNothing();

        a.backend().calls("publishQos2").pass();
        a.resumed("p").publish("t", "m", 2, false, 1, true).expectPubrec(1);

        subscriber.expectPublish("t", "m", 2);
        subscriber.expectNothing();
    }

    @Test // its number tells the subscriber of the one before
    void publishQos1_doneWithoutAnAnswer_reachesItsSubscriberWithTheResend() {
        TestClient subscriber = b.persistent("s").subscribed("t", 1);
        a.backend().calls("enqueue").loseAnswers();
        a.client("p").publish("t", "m", 1, 1).expectClosed();
        subscriber.expectNothing();

        a.backend().calls("enqueue").pass();
        a.client("p").publish("t", "m", 1, false, 1, true).expectPuback(1);

        subscriber.expectPublish("t", "m", 1);
        subscriber.expectPublish("t", "m", 1);
        subscriber.expectNothing();
    }

    // ---- what the application is told ----

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void publish_subscriberOnAnotherNode_countsAsDelivered(boolean persistent) {
        TestClient subscriber = (persistent ? b.persistent("s") : b.client("s")).subscribed("t", 1);

        DeliveryResult result = scene.now(a.broker().publish(Message.of("t", "m", QoS.AT_LEAST_ONCE)));

        assertThat(result).isEqualTo(new DeliveryResult(Outcome.DELIVERED, 1, 0));
        subscriber.expectPublish("t", "m", 1);
    }
}
