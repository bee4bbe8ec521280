package io.mqttparty.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.testkit.TestClient;
import org.junit.jupiter.api.Test;

/** SUBACK of a transient session means that the route log has its filter, whoever wrote it. */
final class AnnouncementTest {
    @Test // F21
    void subscribe_secondToAFilterThatIsBeingAnnounced_waitsToo() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            CallControl add = scene.node(0).backend().calls("addTransient").holdRequests();
            TestClient first = scene.node(0).client("first").subscribe(1, "t", 1);
            TestClient second = scene.node(0).client("second").subscribe(1, "t", 1);
            first.expectNothing();
            second.expectNothing();

            add.release();

            first.expectSuback(1, 1);
            second.expectSuback(1, 1);
            assertThat(add.calls()).isEqualTo(1);
            scene.node(1).client("p").published("t", "m", 1);
            first.expectPublish("t", "m", 1);
            second.expectPublish("t", "m", 1);
        }
    }

    @Test
    void subscribe_announcementFails_closesAndNextOneAnnouncesAgain() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            CallControl add = scene.node(0).backend().calls("addTransient").failRequests();
            scene.node(0).client("first").subscribe(1, "t", 1).expectClosed();
            add.pass();

            TestClient second = scene.node(0).client("second").subscribe(1, "t", 1);
            scene.advanceSeconds(1);

            second.expectSuback(1, 1);
            scene.node(1).client("p").published("t", "m", 1);
            second.expectPublish("t", "m", 1);
        }
    }

    @Test
    void subscribe_announcementOfUnknownOutcome_isUndone() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            scene.node(0).backend().calls("addTransient").loseAnswers();
            scene.node(0).client("first").subscribe(1, "t", 1).expectClosed();

            scene.advanceSeconds(1);

            assertThat(scene.node(0).backend().calls("removeTransient").calls()).isEqualTo(1);
            CallControl send = scene.node(1).backend().calls("send");
            scene.node(1).client("p").published("t", "m", 1);
            assertThat(send.calls()).isZero();
        }
    }

    @Test
    void subscribe_whileTheFilterIsBeingRemoved_isInTheLogAfterwards() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            TestClient first = scene.node(0).client("first").subscribed("t", 1);
            CallControl remove =
                    scene.node(0).backend().calls("removeTransient").holdRequests();
            first.unsubscribe(2, "t").expectNothing();
            TestClient second = scene.node(0).client("second").subscribe(1, "t", 1);
            second.expectNothing();

            remove.release();

            first.expectUnsuback(2);
            second.expectSuback(1, 1);
            scene.node(1).client("p").published("t", "m", 1);
            second.expectPublish("t", "m", 1);
            first.expectNothing();
        }
    }

    @Test
    void unsubscribe_lastOne_otherNodesSendNothing() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            TestClient first = scene.node(0).client("first").subscribed("t", 1);
            TestClient second = scene.node(0).client("second").subscribed("t", 1);
            CallControl send = scene.node(1).backend().calls("send");
            TestClient publisher = scene.node(1).client("p");

            first.unsubscribe(2, "t").expectUnsuback(2);
            publisher.published("t", "m1", 1);
            second.expectPublish("t", "m1", 1);
            assertThat(send.calls()).isEqualTo(1);
            second.disconnect();
            publisher.published("t", "m2", 1);

            assertThat(send.calls()).isEqualTo(1);
        }
    }

    @Test
    void publish_toANodeThatIsGrantedQos0Only_isNotHeldForIt() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            TestClient zero = scene.node(0).client("zero").subscribed("t", 0);
            CallControl send = scene.node(1).backend().calls("send").holdAnswers();
            TestClient publisher = scene.node(1).client("p");

            publisher.published("t", "m1", 1);
            zero.expectPublish("t", "m1", 0);
            scene.node(0).client("one").subscribed("t", 1);
            publisher.publish("t", "m2", 1, 77).expectNothing();

            send.release();
            publisher.expectPuback(77);
        }
    }
}
