package io.mqttparty.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.testkit.TestClient;
import org.junit.jupiter.api.Test;

/** What the scene itself promises. */
final class ClusterSceneTest {
    @Test
    void publish_onAnotherNode_arrives() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            TestClient transientOne = scene.node(0).client("t").subscribed("x/+", 1);
            TestClient persistentOne = scene.node(0).persistent("p").subscribed("x/#", 1);

            scene.node(1).client("publisher").published("x/1", "m", 1);

            transientOne.expectPublish("x/1", "m", 1);
            persistentOne.expectPublish("x/1", "m", 1);
        }
    }

    @Test
    void pause_node_runsNothingUntilItIsResumed() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            TestClient subscriber = scene.node(0).client("t").subscribed("x", 1);
            scene.node(0).pause();
            TestClient publisher = scene.node(1).client("p").published("x", "m", 1);
            subscriber.pingreq();
            scene.advanceMillis(100);
            subscriber.expectNothing();

            scene.node(0).resume();

            subscriber.expectPingresp().expectPublish("x", "m", 1);
            publisher.expectNothing();
        }
    }

    @Test
    void kill_node_clientsSeeTheEndAndOthersGoOn() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            TestClient victim = scene.node(0).persistent("c").subscribed("x", 1);

            scene.node(0).kill();

            victim.expectClosed();
            TestClient again = scene.node(1).resumed("c");
            scene.node(1).client("p").published("x", "m", 1);
            again.expectPublish("x", "m", 1);
        }
    }

    @Test
    void calls_held_waitBeforeOrAfterTheStore() {
        try (ClusterScene scene = ClusterScene.of(1)) {
            CallControl attach = scene.node(0).backend().calls("attach").holdRequests();
            TestClient first = scene.node(0).connecting("a");
            assertThat(scene.entry("a")).isEmpty();
            attach.holdAnswers();
            TestClient second = scene.node(0).connecting("b");
            assertThat(scene.entry("b")).isPresent();
            first.expectNothing();
            second.expectNothing();

            attach.release();

            first.expectConnack(0, false);
            second.expectConnack(0, false);
        }
    }
}
