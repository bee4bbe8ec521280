package io.mqttparty.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.testkit.TestClient;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A QoS 2 publish whose answer was lost told nobody of its records; the one that is sent again does. */
final class WakeUpTest {
    /** Publishes with packet id 1 on the second node, which never hears that it was done, and comes back on the third. */
    private static TestClient publishAndComeBack(ClusterScene scene) {
        TestClient publisher = scene.node(1).persistent("p");
        scene.node(1).backend().calls("publishQos2").loseAnswers();
        publisher.publish("t", "m", 2, 1).expectClosed();
        return scene.node(2).resumed("p");
    }

    @Test
    @Tag("MQTT-4.3.3-2")
    void publishQos2_again_wakesOwnersOnOtherNodes() {
        try (ClusterScene scene = ClusterScene.of(3)) {
            TestClient far = scene.node(0).persistent("far").subscribed("t", 2);
            TestClient near = scene.node(2).persistent("near").subscribed("t", 1);
            TestClient publisher = publishAndComeBack(scene);
            far.expectNothing();
            near.expectNothing();

            publisher.publish("t", "m", 2, false, 1, true).expectPubrec(1);
            scene.advanceMillis(10);

            far.expectPublish("t", "m", 2);
            near.expectPublish("t", "m", 1);
            publisher
                    .publish("t", "m", 2, false, 1, true)
                    .expectPubrec(1)
                    .pubrel(1)
                    .expectPubcomp(1);
            scene.advanceMillis(10);
            far.expectNothing();
            near.expectNothing();
        }
    }

    @Test
    void publishQos2_again_wakesTheMemberOfASharedSubscriptionThatGotIt() {
        try (ClusterScene scene = ClusterScene.of(3)) {
            List<TestClient> members = List.of(
                    scene.node(0).persistent("m0").subscribed("$share/g/t", 1),
                    scene.node(0).persistent("m1").subscribed("$share/g/t", 1),
                    scene.node(2).persistent("m2").subscribed("$share/g/t", 1));
            TestClient publisher = publishAndComeBack(scene);

            publisher.publish("t", "m", 2, false, 1, true).expectPubrec(1);
            scene.advanceMillis(10);

            assertThat(members)
                    .extracting(member -> member.drain().size())
                    .containsOnlyOnce(1)
                    .containsOnly(0, 1);
        }
    }

    @Test
    void publishQos2_again_reachesAnOwnerThatIsJustAttaching() {
        try (ClusterScene scene = ClusterScene.of(3)) {
            scene.node(0).persistent("s").subscribed("t", 2).disconnect().expectClosed();
            CallControl attach = scene.node(0).backend().calls("attach").holdAnswers();
            TestClient subscriber = scene.node(0).connecting("s");
            TestClient publisher = publishAndComeBack(scene);

            publisher.publish("t", "m", 2, false, 1, true).expectPubrec(1);
            scene.advanceMillis(10);
            attach.release();

            subscriber.expectConnack(0, true).expectPublish("t", "m", 2);
            subscriber.expectNothing();
        }
    }

    @Test
    void publishQos2_again_nothingIsReadTwice() {
        try (ClusterScene scene = ClusterScene.of(3)) {
            TestClient subscriber = scene.node(0).persistent("s").subscribed("t", 2);
            TestClient publisher = scene.node(1).persistent("p");
            publisher.publish("t", "m", 2, 1).expectPubrec(1);
            scene.advanceMillis(10);
            subscriber.expectPublish("t", "m", 2);
            CallControl read = scene.node(0).backend().calls("read");
            int before = read.calls();

            publisher.publish("t", "m", 2, false, 1, true).expectPubrec(1);
            scene.advanceMillis(10);

            subscriber.expectNothing();
            assertThat(read.calls() - before).as("one look, for nothing").isEqualTo(1);
        }
    }
}
