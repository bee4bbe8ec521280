package io.mqttparty.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.testkit.TestClient;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** SUBACK and UNSUBACK wait for the other nodes, and not for ever. */
final class RouteGateTest {
    @Test // F21
    void subscribe_anotherNodeIsBehind_subackWaitsForIt() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            TestClient persistent = scene.node(0).persistent("p");
            TestClient passing = scene.node(0).client("t");
            scene.node(1).backend().routes().stall();

            persistent.subscribe(1, "a", 1);
            passing.subscribe(1, "b", 1);
            scene.advanceMillis(100);
            persistent.expectNothing();
            passing.expectNothing();
            scene.node(1).backend().routes().resume();
            scene.advanceMillis(2);

            persistent.expectSuback(1, 1);
            passing.expectSuback(1, 1);
        }
    }

    @Test // F20
    void subscribe_ownMirrorIsBehind_subackWaitsForItToo() {
        try (ClusterScene scene = ClusterScene.of(1)) {
            TestClient subscriber = scene.node(0).persistent("p");
            scene.node(0).backend().routes().stall();

            subscriber.subscribe(1, "a", 1);
            scene.advanceMillis(100);
            subscriber.expectNothing();
            scene.node(0).backend().routes().resume();
            scene.advanceMillis(2);

            subscriber.expectSuback(1, 1);
        }
    }

    @Test // F21
    void unsubscribe_anotherNodeIsBehind_unsubackWaitsForIt() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            TestClient persistent = scene.node(0).persistent("p").subscribed("a", 1);
            TestClient passing = scene.node(0).client("t").subscribed("a", 1);
            scene.node(1).backend().routes().stall();

            persistent.unsubscribe(7, "a");
            passing.unsubscribe(7, "a");
            scene.advanceMillis(100);
            persistent.expectNothing();
            passing.expectNothing();
            scene.node(1).backend().routes().resume();
            scene.advanceMillis(2);

            persistent.expectUnsuback(7);
            passing.expectUnsuback(7);
        }
    }

    @Test
    void subscribe_anotherNodeStaysBehind_subackComesAfterTheCap() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            TestClient subscriber = scene.node(0).persistent("p");
            scene.node(1).backend().routes().stall();

            subscriber.subscribe(1, "a", 1);
            scene.advanceMillis(249);
            subscriber.expectNothing();
            scene.advanceMillis(1);

            subscriber.expectSuback(1, 1);
        }
    }

    @Test
    void subscribe_positionsOfOthersUnknown_subackComesAfterTheCap() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            TestClient subscriber = scene.node(0).persistent("p");
            scene.node(0).backend().calls("appliedByAll").failRequests();

            subscriber.subscribe(1, "a", 1);
            scene.advanceMillis(249);
            subscriber.expectNothing();
            scene.advanceMillis(1);

            subscriber.expectSuback(1, 1);
        }
    }

    @Test
    void subscribe_many_shareTheirLooks() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            List<TestClient> clients = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                clients.add(scene.node(0).persistent("p" + i));
            }
            scene.node(1).backend().routes().stall();

            clients.forEach(each -> each.subscribe(1, "a", 1));
            scene.advanceMillis(20);
            assertThat(scene.node(0).backend().calls("appliedByAll").calls()).isBetween(10, 11);
            scene.node(1).backend().routes().resume();
            scene.advanceMillis(2);

            clients.forEach(each -> each.expectSuback(1, 1));
        }
    }

    @Test
    void subscribe_deadNodeIsBehind_subackDoesNotWaitOnceItIsGone() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            TestClient subscriber = scene.node(0).persistent("p");
            scene.node(1).backend().routes().stall();
            subscriber.subscribe(1, "a", 1).expectNothing();

            scene.node(1).kill();
            scene.node(1).backend().bus().reap();
            scene.advanceMillis(2);

            subscriber.expectSuback(1, 1);
        }
    }
}
