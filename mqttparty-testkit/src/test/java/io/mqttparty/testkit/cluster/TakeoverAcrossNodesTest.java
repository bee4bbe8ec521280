package io.mqttparty.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.TopicName;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.Counter;
import io.mqttparty.testkit.LoopbackConnection;
import io.mqttparty.testkit.Packets;
import io.mqttparty.testkit.TestClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens to a session, its messages and its will while its client moves between nodes, however calls and records are delayed. */
final class TakeoverAcrossNodesTest {
    private static final int SERVER_UNAVAILABLE = 3;

    private static void lose(ClusterScene scene, TestClient client) {
        ((LoopbackConnection) client.pipe()).resetByPeer();
        scene.clock().runUntilIdle();
    }

    private static TestClient withWill(ClusterNode node, String clientId, boolean clean) {
        return TestClient.connect(
                node.connection(), c -> c.clientId(clientId).cleanSession(clean).will("will", clientId, 1, false));
    }

    // ---- F1: what arrives before the answer of attach ----

    @Test // F1
    void push_beforeTheAttachReply_isDeliveredWithoutAnother() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            scene.node(1).persistent("c").subscribed("t", 1).disconnect().expectClosed();
            CallControl attach = scene.node(1).backend().calls("attach").holdAnswers();
            TestClient client = scene.node(1).connecting("c");
            scene.node(0).client("p").published("t", "m", 1);

            attach.release();

            client.expectConnack(0, true).expectPublish("t", "m", 1);
        }
    }

    @Test // F1
    void kick_beforeTheAttachReply_noConnack() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            scene.node(1).persistent("c").subscribed("t", 1).disconnect().expectClosed();
            CallControl attach = scene.node(1).backend().calls("attach").holdAnswers();
            TestClient kicked = scene.node(1).connecting("c");
            scene.node(0).client("p").published("t", "m", 1);
            TestClient now = scene.node(0).resumed("c");

            attach.release();

            kicked.expectClosed();
            now.expectPublish("t", "m", 1);
            assertThat(scene.entry("c").orElseThrow().owner().node())
                    .contains(scene.node(0).id());
        }
    }

    @ParameterizedTest // F1
    @ValueSource(booleans = {true, false})
    void attach_twiceOnOneNode_theOneThatTheStoreTookLastLives(boolean inOrder) {
        try (ClusterScene scene = ClusterScene.of(2)) {
            scene.node(0).persistent("c").subscribed("t", 1).disconnect().expectClosed();
            CallControl attach = scene.node(0).backend().calls("attach").holdAnswers();
            TestClient first = scene.node(0).connecting("c");
            TestClient second = scene.node(0).connecting("c");
            scene.node(1).client("p").published("t", "m", 1);

            if (inOrder) {
                attach.releaseNext();
                attach.releaseNext();
            } else {
                attach.releaseLast();
                attach.releaseNext();
            }
            attach.pass();

            first.expectClosed();
            second.expectConnack(0, true).expectPublish("t", "m", 1);
        }
    }

    @Test // F1
    void attach_twiceOnOneNodeAndTheStoreTakesThemInTheOtherOrder_oneLives() {
        try (ClusterScene scene = ClusterScene.of(1)) {
            scene.node(0).persistent("c").subscribed("t", 1).disconnect().expectClosed();
            CallControl attach = scene.node(0).backend().calls("attach").holdRequests();
            TestClient first = scene.node(0).connecting("c");
            TestClient second = scene.node(0).connecting("c");

            attach.releaseLast();
            second.expectConnack(0, true);
            attach.releaseNext();
            attach.pass();

            second.expectClosed();
            first.expectConnack(0, true);
            scene.node(0).client("p").published("t", "m", 1);
            first.expectPublish("t", "m", 1);
        }
    }

    // ---- F2: one live connection ----

    @Test // F2
    void attach_nodeDiesBeforeItsKickArrives_oldConnectionIsClosed() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            TestClient old = scene.node(0).persistent("c");
            scene.node(0).backend().bus().drop(record -> record instanceof BusRecord.Kick);
            scene.node(1).backend().calls("attach").holdAnswers();
            scene.node(1).connecting("c");
            old.expectNothing();

            scene.node(1).kill();
            scene.node(1).backend().bus().reap();
            scene.advanceMillis(10);

            old.expectClosed();
            scene.advanceSeconds(1);
            assertThat(scene.entry("c").orElseThrow().owner().isOnline()).isFalse();
            scene.node(0).backend().bus().drop(record -> false);
        }
    }

    @Test // F2
    void attach_pausedNodeForASocketThatIsGone_nobodyOwnsTheSessionAfterwards() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            TestClient old = scene.node(0).persistent("c");
            CallControl attach = scene.node(1).backend().calls("attach").holdRequests();
            TestClient paused = scene.node(1).connecting("c");
            scene.node(1).pause();
            lose(scene, paused);

            attach.release();
            old.expectClosed();
            assertThat(scene.entry("c").orElseThrow().owner().node())
                    .contains(scene.node(1).id());
            scene.node(1).resume();

            assertThat(scene.entry("c").orElseThrow().owner().isOnline()).isFalse();
            scene.node(0).resumed("c");
        }
    }

    @Test // F2
    void attach_pingPong_theLastOneLives() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            TestClient live = scene.node(0).persistent("c").subscribed("t", 1);
            for (int i = 1; i <= 50; i++) {
                ClusterNode there = scene.node(i % 2);
                scene.node((i + 1) % 2).backend().bus().hold();
                TestClient next = there.resumed("c");
                scene.node((i + 1) % 2).backend().bus().release();
                live.expectClosed();
                live = next;
                assertThat(scene.entry("c").orElseThrow().owner().node()).contains(there.id());
            }
            scene.node(1).client("p").published("t", "m", 1);
            live.expectPublish("t", "m", 1);
        }
    }

    // ---- F7: a DISCONNECT that the next CONNECT overtakes ----

    @ParameterizedTest // F7
    @ValueSource(booleans = {true, false})
    void disconnect_overtakenByConnectElsewhere_noWill(boolean clean) {
        try (ClusterScene scene = ClusterScene.of(2)) {
            TestClient watcher = scene.node(1).client("watcher").subscribed("will", 1);
            TestClient old = withWill(scene.node(0), "c", clean).expectConnack(0, false);
            CallControl detach = scene.node(0).backend().calls("detach").holdRequests();
            old.disconnect();
            TestClient next = withWill(scene.node(1), "c", clean);
            next.expectNothing();

            detach.release();

            next.expectConnack(0, !clean);
            scene.advanceSeconds(5);
            watcher.expectNothing();
        }
    }

    @Test // F7
    void disconnect_inTheSocketOfTheOldNode_noWill() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            TestClient watcher = scene.node(1).client("watcher").subscribed("will", 1);
            TestClient old = withWill(scene.node(0), "c", true).expectConnack(0, false);
            scene.node(0).pause();
            old.disconnect();
            TestClient next = withWill(scene.node(1), "c", true);
            scene.advanceMillis(200);
            next.expectNothing();

            scene.node(0).resume();

            next.expectConnack(0, false);
            scene.advanceSeconds(5);
            watcher.expectNothing();
        }
    }

    @Test // F7
    void takeover_oldNodeDoesNotAnswer_willAfterTheWait() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            TestClient watcher = scene.node(1).client("watcher").subscribed("will", 1);
            withWill(scene.node(0), "c", true).expectConnack(0, false);
            scene.node(0).pause();
            TestClient next = withWill(scene.node(1), "c", true);
            scene.advanceMillis(299);
            next.expectNothing();
            watcher.expectNothing();
            scene.advanceMillis(1);

            next.expectConnack(0, false);
            watcher.expectPublish("will", "c", 1);
            scene.node(0).resume();
        }
    }

    @Test // F7
    void takeover_ofTwoAttachesThatAreNotOverYet_isAnsweredOnceBothAre() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            TestClient watcher = scene.node(1).client("watcher").subscribed("will", 1);
            CallControl attach = scene.node(0).backend().calls("attach").holdAnswers();
            TestClient one = withWill(scene.node(0), "c", true);
            TestClient next = withWill(scene.node(1), "c", true);
            scene.advanceMillis(100);
            next.expectNothing();

            attach.release();

            one.expectClosed();
            next.expectConnack(0, false);
            scene.advanceSeconds(5);
            watcher.expectNothing(); // the first one was never accepted
        }
    }

    // ---- F8, F9: each will once, and none late ----

    @Test // F8
    void takeover_newOwnerDiesBeforeItPublishesTheWill_somebodyElseDoesOnce() {
        try (ClusterScene scene = ClusterScene.of(3)) {
            TestClient watcher = scene.node(2).client("watcher").subscribed("will", 1);
            TestClient old = withWill(scene.node(0), "c", false).expectConnack(0, false);
            scene.node(1).backend().calls("fireWill").holdRequests();
            scene.node(1).connecting("c");
            scene.advanceMillis(1);
            old.expectClosed();
            watcher.expectNothing();

            scene.node(1).kill();
            scene.node(1).backend().bus().reap();
            scene.advanceSeconds(5);

            watcher.expectPublish("will", "c", 1);
            watcher.puback(1);
            scene.advanceSeconds(10);
            watcher.expectNothing();
        }
    }

    @Test // F8
    void kill_nodeOfATransientSession_itsWillIsPublishedOnce() {
        try (ClusterScene scene = ClusterScene.of(3)) {
            TestClient watcher =
                    scene.node(2).client("watcher").subscribed("will", 1).acknowledgeAll();
            withWill(scene.node(0), "c", true).expectConnack(0, false);

            scene.node(0).kill();
            scene.node(0).backend().bus().reap();
            scene.advanceSeconds(10);

            watcher.expectPublish("will", "c", 1);
            watcher.expectNothing();
        }
    }

    @ParameterizedTest // F9
    @ValueSource(booleans = {true, false})
    void retainedWill_firingNodeStalls_neverOverwritesWhatTheClientSaysNext(boolean written) {
        try (ClusterScene scene = ClusterScene.of(2)) {
            TestClient watcher = scene.node(1).client("watcher").subscribed("status", 0);
            TestClient old = TestClient.connect(
                    scene.node(0).connection(), c -> c.clientId("c").will("status", "offline", 0, true));
            old.expectConnack(0, false);
            CallControl retain = scene.node(0).backend().calls("retainWill");
            if (written) {
                retain.holdAnswers();
            } else {
                retain.holdRequests();
            }
            lose(scene, old);
            TestClient next = scene.node(1).client("c");
            next.sendRaw(Packets.publish("status", "online", 1, true, 1, false)).expectPuback(1);

            retain.release();
            scene.advanceSeconds(5);

            watcher.expectPublish("status", "offline", 0);
            watcher.expectPublish("status", "online", 0);
            watcher.expectNothing();
            assertThat(scene.shared()
                            .retained()
                            .exact(TopicName.of("status"))
                            .toCompletableFuture()
                            .join()
                            .orElseThrow()
                            .payload()
                            .asUtf8String())
                    .isEqualTo("online");
        }
    }

    // ---- F14: a push during a read ----

    @Test // F14
    void push_whileAReadIsAnswered_isDeliveredWithoutAnother() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            TestClient subscriber =
                    scene.node(0).persistent("s").subscribed("t", 1).acknowledgeAll();
            TestClient publisher = scene.node(1).client("p");
            CallControl read = scene.node(0).backend().calls("read").holdAnswers();
            scene.node(0).backend().bus().drop(record -> record instanceof BusRecord.Push push && push.seq() % 2 == 0);
            publisher.published("t", "m1", 1); // its push is lost
            publisher.published("t", "m2", 1); // so this one is read for
            assertThat(read.waiting()).isEqualTo(1);
            scene.node(0).backend().bus().drop(record -> false);
            publisher.published("t", "m3", 1);

            read.release();

            subscriber.expectPublish("t", "m1", 1);
            subscriber.expectPublish("t", "m2", 1);
            subscriber.expectPublish("t", "m3", 1);
        }
    }

    // ---- F16, F17: attach and detach in any order ----

    @Test // F16
    void reconnect_onOneNodeBeforeTheDetach_staysAttached() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            TestClient old = scene.node(0).persistent("c").subscribed("t", 1);
            CallControl detach = scene.node(0).backend().calls("detach").holdRequests();
            lose(scene, old);
            TestClient next = scene.node(0).resumed("c");

            detach.release();

            assertThat(scene.entry("c").orElseThrow().owner().node())
                    .contains(scene.node(0).id());
            scene.node(1).client("p").published("t", "m", 1);
            next.expectPublish("t", "m", 1);
            scene.node(0).kill();
            scene.node(0).backend().bus().reap();
            assertThat(scene.entry("c").orElseThrow().owner().isOnline()).isFalse();
        }
    }

    @Test // F17
    void attach_timedOutButDone_nobodyOwnsTheSessionAndNoWill() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            TestClient watcher = scene.node(1).client("watcher").subscribed("will", 1);
            CallControl attach = scene.node(0).backend().calls("attach").holdAnswers();
            TestClient client = withWill(scene.node(0), "c", false);
            assertThat(scene.entry("c").orElseThrow().owner().isOnline()).isTrue();

            scene.advanceSeconds(5);
            client.expectConnack(SERVER_UNAVAILABLE, false).expectClosed();

            assertThat(scene.entry("c").orElseThrow().owner().isOnline()).isFalse();
            attach.release();
            scene.advanceSeconds(5);
            assertThat(scene.entry("c").orElseThrow().owner().isOnline()).isFalse();
            watcher.expectNothing();
        }
    }

    @Test // F17
    void attach_timedOutAndDoneLater_nobodyOwnsTheSessionAndNoWill() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            TestClient watcher = scene.node(1).client("watcher").subscribed("will", 1);
            CallControl attach = scene.node(0).backend().calls("attach").holdRequests();
            TestClient client = withWill(scene.node(0), "c", false);
            scene.advanceSeconds(5);
            client.expectConnack(SERVER_UNAVAILABLE, false).expectClosed();

            attach.release();
            scene.advanceSeconds(5);

            assertThat(scene.entry("c").orElseThrow().owner().isOnline()).isFalse();
            watcher.expectNothing();
        }
    }

    @Test // F17
    void attach_answerLost_nobodyOwnsTheSessionAndNoWill() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            TestClient watcher = scene.node(1).client("watcher").subscribed("will", 1);
            CallControl attach = scene.node(0).backend().calls("attach").loseAnswers();
            CallControl detach = scene.node(0).backend().calls("detach").failRequests();
            withWill(scene.node(0), "c", false)
                    .expectConnack(SERVER_UNAVAILABLE, false)
                    .expectClosed();
            attach.pass();
            scene.advanceSeconds(1);
            assertThat(detach.calls()).isGreaterThan(1);
            detach.pass();
            scene.advanceSeconds(2);

            assertThat(scene.entry("c").orElseThrow().owner().isOnline()).isFalse();
            scene.advanceSeconds(5);
            watcher.expectNothing();
        }
    }

    @Test // F17
    void attach_lateAndTakenOverElsewhere_itsWillIsNotPublished() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            TestClient watcher = scene.node(1).client("watcher").subscribed("will", 1);
            CallControl attach = scene.node(0).backend().calls("attach").holdAnswers();
            CallControl detach = scene.node(0).backend().calls("detach").holdRequests();
            withWill(scene.node(0), "c", false);
            scene.advanceSeconds(5);
            TestClient next = scene.node(1).connecting("c");
            next.expectNothing(); // there is a will, and its node has not answered

            attach.release();
            detach.release();

            next.expectConnack(0, true);
            scene.advanceSeconds(5);
            watcher.expectNothing();
        }
    }

    @Test
    void takeover_counted_once() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            scene.node(0).persistent("c");
            scene.node(1).resumed("c");

            assertThat(scene.node(0).count(Counter.TAKEOVERS)).isEqualTo(1);
        }
    }
}
