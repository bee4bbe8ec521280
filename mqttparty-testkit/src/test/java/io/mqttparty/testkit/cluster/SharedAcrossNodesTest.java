package io.mqttparty.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.DropReason;
import io.mqttparty.testkit.ServerPacket;
import io.mqttparty.testkit.TestClient;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A shared subscription gets each message once, whichever nodes its members are on. */
final class SharedAcrossNodesTest {
    private static final String SHARED = "$share/g/t";

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void publish_membersOnOtherNodesOnly_oneOfThemGetsIt(int qos) {
        try (ClusterScene scene = ClusterScene.of(3)) {
            List<TestClient> members = List.of(
                    scene.node(0).client("a").subscribed(SHARED, 2).acknowledgeAll(),
                    scene.node(0).client("b").subscribed(SHARED, 2).acknowledgeAll(),
                    scene.node(1).client("c").subscribed(SHARED, 2).acknowledgeAll());
            TestClient publisher = scene.node(2).client("p");

            for (int i = 0; i < 8; i++) {
                publisher.published("t", "m" + i, qos);
            }

            List<Integer> shares =
                    members.stream().map(each -> each.drain().size()).toList();
            assertThat(shares).containsExactly(2, 2, 4); // each node in turn, and on it each member in turn
        }
    }

    @Test
    void publish_qos2OfAPersistentSession_oneMemberGetsItOnce() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            TestClient here = scene.node(1).client("here").subscribed(SHARED, 2).acknowledgeAll();
            TestClient there =
                    scene.node(0).client("there").subscribed(SHARED, 2).acknowledgeAll();
            TestClient publisher = scene.node(1).persistent("p");

            for (int i = 0; i < 4; i++) {
                publisher.published("t", "m" + i, 2);
            }

            assertThat(here.drain()).hasSize(2);
            assertThat(there.drain()).hasSize(2);
        }
    }

    @Test
    void publish_qos2ToAMemberThatIsGrantedQos0_itGetsIt() {
        try (ClusterScene scene = ClusterScene.of(1)) {
            TestClient member = scene.node(0).persistent("m").subscribed(SHARED, 0);

            scene.node(0).persistent("p").published("t", "m", 2);

            member.expectPublish("t", "m", 0);
        }
    }

    @Test
    void willAndApplication_membersOnAnotherNode_oneOfThemGetsIt() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            TestClient member = scene.node(0).client("a").subscribed(SHARED, 1);
            TestClient dying = TestClient.connect(
                    scene.node(1).connection(), c -> c.clientId("dying").will("t", "will", 1, false));
            dying.expectConnack(0, false);

            dying.close();
            var published = scene.node(1).broker().publish(Message.of("t", "app", QoS.AT_LEAST_ONCE));

            member.expectPublish("t", "will", 1);
            member.expectPublish("t", "app", 1);
            assertThat(published.toCompletableFuture()).isCompleted();
        }
    }

    @Test
    void publish_toAnotherNode_pubackWaitsForTheBus() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            TestClient member = scene.node(0).client("a").subscribed(SHARED, 1);
            CallControl send = scene.node(1).backend().calls("send").holdAnswers();
            TestClient publisher = scene.node(1).client("p").publish("t", "m", 1, 1);
            member.expectPublish("t", "m", 1);
            publisher.expectNothing();

            send.release();

            publisher.expectPuback(1);
        }
    }

    // ---- the member that was picked is gone ----

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void publish_pickedNodeIsGone_anotherMemberGetsIt(boolean persistentPublisher) {
        try (ClusterScene scene = ClusterScene.of(3)) {
            scene.node(0).client("a").subscribed(SHARED, 2);
            TestClient left = scene.node(1).client("b").subscribed(SHARED, 2).acknowledgeAll();
            TestClient publisher = persistentPublisher
                    ? scene.node(2).persistent("p")
                    : scene.node(2).client("p");
            scene.node(2).backend().routes().stall();
            scene.node(0).kill();
            scene.node(0).backend().bus().reap();

            for (int i = 0; i < 4; i++) {
                publisher.published("t", "m" + i, i % 2 == 0 ? 1 : 2);
            }

            assertThat(left.drain()).hasSize(4);
            scene.node(2).backend().routes().resume();
        }
    }

    @Test
    void publish_pickedSessionIsOver_anotherMemberGetsIt() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            TestClient over = scene.node(0).persistent("over").subscribed(SHARED, 1);
            TestClient left =
                    scene.node(0).persistent("left").subscribed(SHARED, 1).acknowledgeAll();
            TestClient publisher = scene.node(1).persistent("p");
            scene.node(1).backend().routes().stall();
            over.disconnect();
            scene.node(0).client("over"); // a clean session ends the other one

            for (int i = 0; i < 4; i++) {
                publisher.published("t", "m" + i, i % 2 == 0 ? 1 : 2);
            }

            assertThat(left.drain()).hasSize(4);
            scene.node(1).backend().routes().resume();
        }
    }

    @Test
    void transmitShared_memberHasLeftMeanwhile_anotherMemberGetsIt() {
        try (ClusterScene scene = ClusterScene.of(3)) {
            TestClient leaving = scene.node(0).client("a").subscribed(SHARED, 1);
            scene.node(0).backend().bus().hold();
            scene.node(2).client("p").published("t", "m", 1);
            assertThat(scene.node(0).backend().bus().waiting()).hasSize(1);
            leaving.disconnect();
            TestClient left = scene.node(1).client("b").subscribed(SHARED, 1);

            scene.node(0).backend().bus().release();

            left.expectPublish("t", "m", 1);
        }
    }

    @Test
    void transmitShared_memberHasLeftMeanwhile_aSessionGetsItInItsQueue() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            TestClient leaving = scene.node(0).client("a").subscribed(SHARED, 1);
            scene.node(0).persistent("s").subscribed(SHARED, 1).disconnect().expectClosed();
            scene.node(0).backend().bus().hold();
            scene.node(1).client("p").published("t", "m", 1);
            leaving.disconnect();
            CallControl enqueue = scene.node(0).backend().calls("enqueue").failRequests();

            scene.node(0).backend().bus().release();
            scene.advanceSeconds(1);
            assertThat(enqueue.calls()).isGreaterThan(1); // nobody else has it: it is tried again
            enqueue.pass();
            scene.advanceSeconds(2);

            scene.node(1).resumed("s").expectPublish("t", "m", 1);
        }
    }

    @Test
    void transmitShared_nobodyIsLeft_isCounted() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            TestClient leaving = scene.node(0).client("a").subscribed(SHARED, 1);
            scene.node(0).backend().bus().hold();
            scene.node(1).client("p").published("t", "m", 1);
            leaving.disconnect();

            scene.node(0).backend().bus().release();

            assertThat(scene.node(0).broker().count(DropReason.GROUP_EMPTY)).isEqualTo(1);
        }
    }

    @Test
    void transmitShared_eachNodeTakesTheOtherForAMember_endsSoon() {
        try (ClusterScene scene = ClusterScene.of(3)) {
            TestClient one = scene.node(0).client("a").subscribed(SHARED, 1);
            TestClient two = scene.node(1).client("b").subscribed(SHARED, 1);
            scene.node(0).backend().routes().stall();
            scene.node(1).backend().routes().stall();
            scene.node(2).backend().bus().hold();
            scene.node(0).backend().bus().hold();
            scene.node(1).backend().bus().hold();
            scene.node(2).client("p").published("t", "m", 1);
            one.disconnect();
            two.disconnect();
            CallControl fromOne = scene.node(0).backend().calls("send");
            CallControl fromTwo = scene.node(1).backend().calls("send");

            scene.node(0).backend().bus().release();
            scene.node(1).backend().bus().release();

            assertThat(fromOne.calls() + fromTwo.calls()).isEqualTo(3);
            assertThat(scene.node(0).broker().count(DropReason.GROUP_EMPTY)
                            + scene.node(1).broker().count(DropReason.GROUP_EMPTY))
                    .isEqualTo(1);
            scene.node(0).backend().routes().resume();
            scene.node(1).backend().routes().resume();
            scene.node(2).backend().bus().release();
        }
    }

    // ---- who is connected ----

    @Test
    void publish_membersAreSessionsElsewhere_thoseThatAreConnectedComeFirst() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            scene.node(0)
                    .persistent("offline")
                    .subscribed(SHARED, 1)
                    .disconnect()
                    .expectClosed();
            List<TestClient> online = List.of(
                    scene.node(0).persistent("one").subscribed(SHARED, 1).acknowledgeAll(),
                    scene.node(0).persistent("two").subscribed(SHARED, 1).acknowledgeAll());
            TestClient publisher = scene.node(1).client("p").published("t", "first", 0);
            online.forEach(TestClient::drain);

            for (int i = 0; i < 12; i++) {
                publisher.published("t", "m" + i, 1);
            }

            assertThat(online.get(0).drain()).hasSizeBetween(4, 8);
            assertThat(online.get(1).drain()).hasSizeBetween(4, 8);
            assertThat(scene.node(0).resumed("offline").drain()).isEmpty();
        }
    }

    @Test
    void publish_memberHasComeMeanwhile_isFoundWithinTwoSeconds() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            scene.node(0).persistent("late").subscribed(SHARED, 1).disconnect().expectClosed();
            TestClient early =
                    scene.node(0).persistent("early").subscribed(SHARED, 1).acknowledgeAll();
            TestClient publisher = scene.node(1).client("p").published("t", "m0", 0);
            publisher.published("t", "m1", 1).published("t", "m2", 1);
            assertThat(early.drain().stream().filter(ServerPacket.Publish.class::isInstance))
                    .hasSizeGreaterThanOrEqualTo(2);
            TestClient late = scene.node(0).resumed("late").acknowledgeAll();
            late.drain();

            scene.advanceMillis(2_001);
            publisher.published("t", "m3", 1);
            for (int i = 0; i < 4; i++) {
                publisher.published("t", "n" + i, 1);
            }

            assertThat(late.drain()).hasSizeBetween(1, 3);
        }
    }

    @Test
    void publish_manyNodes_recordNamesTheSubscription() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            scene.node(0).client("a").subscribed("$share/g/+", 1);
            scene.node(0).client("b").subscribed("$share/h/+", 1);
            scene.node(0).backend().bus().hold();

            scene.node(1).client("p").published("t", "m", 1);

            assertThat(scene.node(0).backend().bus().waiting())
                    .extracting(record ->
                            ((BusRecord.TransmitShared) record).filter().value())
                    .containsExactlyInAnyOrder("$share/g/+", "$share/h/+");
            scene.node(0).backend().bus().release();
        }
    }
}
