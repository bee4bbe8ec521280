package io.mqttparty.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.spi.Counter;
import io.mqttparty.testkit.Packets;
import io.mqttparty.testkit.TestClient;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A publish after SUBACK, on any node, is delivered, however late a node reads the route log. */
final class RouteFreshnessTest {
    private static final long CAP_MILLIS = 250;

    @Test // F21
    void publish_mirrorIsOld_waitsAndIsRoutedByTheNewOne() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            TestClient publisher = scene.node(1).client("p");
            scene.node(1).backend().routes().stall();
            TestClient subscriber = scene.node(0).persistent("s").subscribe(1, "t", 1);
            subscriber.expectNothing();
            scene.advanceMillis(CAP_MILLIS);
            subscriber.expectSuback(1, 1);

            publisher.publish("t", "m", 1, 1).expectNothing();
            assertThat(scene.node(1).count(Counter.ROUTES_AWAITED)).isEqualTo(1);
            subscriber.expectNothing();
            scene.node(1).backend().routes().resume();

            subscriber.expectPublish("t", "m", 1);
            publisher.expectPuback(1);
        }
    }

    @Test
    void publish_mirrorIsOldAndTheLogIsAtItsEnd_asksOnceForAllAndGoesOn() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            TestClient subscriber = scene.node(0).client("s").subscribed("t", 1);
            TestClient one = scene.node(1).client("one");
            TestClient two = scene.node(1).client("two");
            scene.node(1).backend().routes().stall();
            CallControl tail = scene.node(1).backend().calls("tail").holdAnswers();
            scene.advanceMillis(CAP_MILLIS + 1);

            one.publish("t", "m1", 1, 1).expectNothing();
            two.publish("t", "m2", 1, 1).expectNothing();
            tail.release();

            one.expectPuback(1);
            two.expectPuback(1);
            subscriber.expectPublish("t", "m1", 1);
            subscriber.expectPublish("t", "m2", 1);
            assertThat(tail.calls()).isEqualTo(1);
        }
    }

    @Test
    void publish_withinTheCap_doesNotAsk() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            TestClient subscriber = scene.node(0).client("s").subscribed("t", 0);
            TestClient publisher = scene.node(1).client("p");
            scene.node(1).backend().routes().resume();
            scene.node(1).backend().routes().stall();

            scene.advanceMillis(CAP_MILLIS - 100);
            publisher.published("t", "m", 1);

            subscriber.expectPublish("t", "m", 0);
            assertThat(scene.node(1).backend().calls("tail").calls()).isZero();
        }
    }

    @Test
    void publish_severalOfOneClient_keepTheirOrder() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            TestClient subscriber = scene.node(0).client("s").subscribed("t", 2).acknowledgeAll();
            TestClient publisher = scene.node(1).persistent("p");
            scene.node(1).backend().routes().stall();
            CallControl tail = scene.node(1).backend().calls("tail").holdAnswers();
            scene.advanceMillis(CAP_MILLIS + 1);

            publisher.sendRaw(
                    Packets.concat(publish("m1", 1, 1), publish("m2", 0, 0), publish("m3", 2, 2), publish("m4", 1, 3)));
            subscriber.expectNothing();
            tail.release();

            publisher.expectPuback(1).expectPubrec(2).expectPuback(3);
            for (String each : new String[] {"m1", "m2", "m3", "m4"}) {
                subscriber.expectPublish("t", each);
            }
        }
    }

    @Test
    void publish_mirrorStaysOld_failsInBoundedTime() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            scene.node(0).client("s").subscribed("t", 1);
            TestClient publisher = scene.node(1).client("p");
            scene.node(1).backend().routes().stall();
            scene.node(0).client("s2").subscribe(1, "t2", 1);
            scene.advanceMillis(CAP_MILLIS + 1);

            publisher.publish("t", "m", 1, 1);
            scene.advanceSeconds(4);
            publisher.expectNothing();
            scene.advanceSeconds(2);

            publisher.expectClosed();
            assertThat(scene.node(1).count(Counter.PUBLISHES_FAILED)).isEqualTo(1);
            scene.node(1).backend().routes().resume();
        }
    }

    @Test
    void publish_endOfTheLogIsUnknown_isAskedAgain() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            TestClient publisher = scene.node(1).client("p");
            scene.node(1).backend().routes().stall();
            CallControl tail = scene.node(1).backend().calls("tail").failRequests();
            scene.advanceMillis(CAP_MILLIS + 1);

            publisher.publish("t", "m", 1, 1);
            scene.advanceSeconds(1);
            publisher.expectNothing();
            tail.pass();
            scene.advanceMillis(100);

            publisher.expectPuback(1);
        }
    }

    @Test
    void everyWayThatRoutes_mirrorIsOld_waits() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            TestClient subscriber =
                    scene.node(0).client("s").subscribed("t/#", 1).acknowledgeAll();
            TestClient qos2 = scene.node(1).persistent("qos2");
            TestClient retaining = scene.node(1).client("retaining");
            TestClient dying = TestClient.connect(
                    scene.node(1).connection(), c -> c.clientId("dying").will("t/will", "w", 0, false));
            dying.expectConnack(0, false);
            scene.node(1).backend().routes().stall();
            CallControl tail = scene.node(1).backend().calls("tail").holdAnswers();
            scene.advanceMillis(CAP_MILLIS + 1);

            qos2.publish("t/2", "m", 2, 1).expectNothing();
            retaining.sendRaw(Packets.publish("t/r", "m", 1, true, 1, false)).expectNothing();
            dying.close();
            CompletableFuture<?> published = scene.node(1)
                    .broker()
                    .publish(Message.of("t/app", "m", QoS.AT_LEAST_ONCE))
                    .toCompletableFuture();
            scene.clock().runUntilIdle();
            subscriber.expectNothing();
            assertThat(published).isNotDone();
            tail.release();

            qos2.expectPubrec(1);
            retaining.expectPuback(1);
            assertThat(published).isCompleted();
            assertThat(subscriber.drain()).extracting(Object::toString).hasSize(4);
        }
    }

    @Test // F21
    void subscribeThenPublishElsewhere_readersStallAtRandom_everythingArrives() {
        Random random = new Random(11);
        try (ClusterScene scene = ClusterScene.of(3)) {
            TestClient persistent = scene.node(0).persistent("persistent").acknowledgeAll();
            TestClient passing = scene.node(1).client("transient").acknowledgeAll();
            TestClient publisher = scene.node(2).client("publisher");
            for (int round = 0; round < 100; round++) {
                String topic = "t/" + round;
                stallSome(scene, random);
                TestClient subscriber = round % 2 == 0 ? persistent : passing;
                int packetId = subscriber.nextPacketId();
                subscriber.subscribe(packetId, topic, 1);
                awaitAnswer(scene, subscriber);
                publisher.publish(topic, "m", 1, 1);
                scene.advanceMillis(random.nextInt(300));
                resumeAll(scene);
                scene.advanceMillis(10);
                publisher.expectPuback(1);
                subscriber.expectPublish(topic, "m", 1);
                subscriber.unsubscribe(packetId, topic);
                stallSome(scene, random);
                awaitAnswer(scene, subscriber);
                publisher.publish(topic, "late", 1, 1);
                resumeAll(scene);
                scene.advanceMillis(10);
                publisher.expectPuback(1);
                subscriber.expectNothing();
            }
        }
    }

    private static byte[] publish(String payload, int qos, int packetId) {
        return Packets.publish("t", payload, qos, false, packetId, false);
    }

    private static void stallSome(ClusterScene scene, Random random) {
        for (int i = 0; i < 3; i++) {
            if (random.nextInt(3) == 0) {
                scene.node(i).backend().routes().stall();
            }
        }
    }

    private static void resumeAll(ClusterScene scene) {
        for (int i = 0; i < 3; i++) {
            scene.node(i).backend().routes().resume();
        }
    }

    private static void awaitAnswer(ClusterScene scene, TestClient client) {
        for (int waited = 0; waited <= CAP_MILLIS; waited += 5) {
            if (client.poll().isPresent()) {
                return;
            }
            scene.advanceMillis(5);
        }
        assertThat(client.poll()).as("the answer, after the cap").isPresent();
    }
}
