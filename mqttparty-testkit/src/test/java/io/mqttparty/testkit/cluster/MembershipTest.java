package io.mqttparty.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.model.Subscription;
import io.mqttparty.spi.Counter;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.RouteChange;
import io.mqttparty.testkit.TestClient;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A node that the others have given up stops at once, and comes back as another one. */
final class MembershipTest {
    private static final int SERVER_UNAVAILABLE = 3;

    @Test
    void fenced_node_closesAllAndServesAgainUnderAnotherId() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            ClusterNode node = scene.node(0);
            TestClient persistent = node.persistent("p").subscribed("t", 1);
            TestClient passing = node.client("t").subscribed("t", 1);
            TestClient silent = node.raw();
            NodeId before = node.id();

            node.fence();

            persistent.expectClosed();
            passing.expectClosed();
            silent.expectClosed();
            assertThat(node.id()).isNotEqualTo(before);
            assertThat(node.count(Counter.MEMBERSHIPS_LOST)).isEqualTo(1);
            assertThat(scene.shared().cluster().bus().members())
                    .containsExactlyInAnyOrder(node.id(), scene.node(1).id());
            TestClient again = node.resumed("p");
            TestClient other = node.client("t").subscribed("t", 1);
            scene.node(1).client("publisher").published("t", "m", 1);
            again.expectPublish("t", "m", 1);
            other.expectPublish("t", "m", 1);
        }
    }

    @Test
    void fenced_untilItHasJoinedAgain_refusesClients() {
        try (ClusterScene scene = ClusterScene.of(1)) {
            ClusterNode node = scene.node(0);
            CallControl join = node.backend().calls("join").holdAnswers();
            node.fence();

            node.connecting("c").expectConnack(SERVER_UNAVAILABLE, false).expectClosed();
            CallControl follow = node.backend().calls("follow").holdAnswers();
            join.release();
            node.connecting("c").expectConnack(SERVER_UNAVAILABLE, false).expectClosed();
            follow.release();

            node.persistent("c");
        }
    }

    @Test
    void fenced_joinFails_triesAgainAndAgainButNotAllTheTime() {
        try (ClusterScene scene = ClusterScene.of(1)) {
            ClusterNode node = scene.node(0);
            CallControl join = node.backend().calls("join").failRequests();
            int before = join.calls();
            node.fence();

            scene.advanceSeconds(60);
            assertThat(join.calls() - before).isBetween(9, 16);
            join.pass();
            scene.advanceSeconds(10);

            node.persistent("c");
        }
    }

    @Test
    void fenced_whileItJoinsAgain_triesAgain() {
        try (ClusterScene scene = ClusterScene.of(1)) {
            ClusterNode node = scene.node(0);
            CallControl follow = node.backend().calls("follow").holdAnswers();
            node.fence();
            node.backend().bus().fence();
            follow.pass();

            scene.advanceSeconds(1);

            node.persistent("c");
        }
    }

    @Test
    void fenced_reapOfTheOldIdFails_joinsAllTheSame() {
        try (ClusterScene scene = ClusterScene.of(1)) {
            ClusterNode node = scene.node(0);
            CallControl leave = node.backend().calls("leave").failRequests();
            node.fence();
            node.persistent("c");
            leave.pass();
        }
    }

    @Test
    void leaseLost_nobodyHasTold_nothingIsAcknowledged() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            ClusterNode node = scene.node(0);
            TestClient subscriber = scene.node(1).client("s").subscribed("t", 1);
            TestClient publisher = node.client("p");
            TestClient waiting = node.client("w");
            node.backend().bus().loseLease();

            publisher.publish("t", "m", 1, 1);

            publisher.expectClosed();
            waiting.expectClosed();
            subscriber.expectPublish("t", "m", 1);
            scene.advanceSeconds(1);
            node.client("p").published("t", "m2", 1);
            subscriber.expectPublish("t", "m2", 1);
        }
    }

    @Test
    void leaseLost_whilePaused_nothingIsAcknowledgedAfterwards() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            ClusterNode node = scene.node(0);
            TestClient publisher = node.persistent("p");
            node.pause();
            publisher.publish("t", "m", 1, 1);
            scene.advanceSeconds(10);
            node.backend().bus().loseLease();
            node.backend().bus().reap();
            TestClient elsewhere = scene.node(1).resumed("p");

            node.resume();

            publisher.expectClosed();
            elsewhere.pingreq().expectPingresp().expectNothing();
            scene.advanceSeconds(1);
            node.client("c").published("t", "m", 1);
        }
    }

    @Test // F15
    void fenced_whileAttachIsOnItsWay_noConnack() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            ClusterNode node = scene.node(0);
            CallControl attach = node.backend().calls("attach").holdRequests();
            TestClient client = node.connecting("c");
            node.fence();
            attach.release();

            client.expectClosed();
            assertThat(scene.entry("c")).isEmpty();
            scene.node(1).persistent("c");
        }
    }

    @Test // F15
    void leaseLost_whileAttachIsAnswered_noConnack() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            ClusterNode node = scene.node(0);
            CallControl attach = node.backend().calls("attach").holdAnswers();
            TestClient client = node.connecting("c");
            node.backend().bus().loseLease();
            attach.release();

            client.expectClosed();
        }
    }

    @Test
    void fenced_theApplicationIsSubscribed_getsMessagesAgain() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            ClusterNode node = scene.node(0);
            List<String> got = new ArrayList<>();
            var subscribed = node.broker()
                    .subscribe(
                            Subscription.of("t", QoS.AT_LEAST_ONCE),
                            message -> got.add(message.payload().toString()));
            scene.clock().runUntilIdle();
            assertThat(subscribed.toCompletableFuture()).isCompleted();

            node.fence();
            scene.advanceSeconds(1);
            scene.node(1).client("p").published("t", "m", 1);

            assertThat(got).hasSize(1);
            assertThat(node.broker()
                            .publish(Message.of("t", "m", QoS.AT_LEAST_ONCE))
                            .toCompletableFuture())
                    .isCompleted();
            assertThat(got).hasSize(2);
        }
    }

    @Test
    void nodeDown_ofItself_isAFence() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            ClusterNode node = scene.node(0);
            NodeId before = node.id();
            TestClient client = node.client("c");

            node.backend().routes().tell(new RouteChange.NodeDown(before));
            scene.clock().runUntilIdle();

            client.expectClosed();
            scene.advanceSeconds(1);
            assertThat(node.id()).isNotEqualTo(before);
        }
    }

    @Test
    void stop_whileItJoinsAgain_endsInTime() {
        try (ClusterScene scene = ClusterScene.of(1)) {
            ClusterNode node = scene.node(0);
            node.backend().calls("join").holdRequests();
            node.fence();
        }
    }
}
