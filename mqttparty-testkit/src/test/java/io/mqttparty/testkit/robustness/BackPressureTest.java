package io.mqttparty.testkit.robustness;

import static io.mqttparty.testkit.robustness.Scene.connectionOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.Limits;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.spi.Counter;
import io.mqttparty.spi.DropReason;
import io.mqttparty.testkit.ControlledUpstream;
import io.mqttparty.testkit.LoopbackConnection;
import io.mqttparty.testkit.Packets;
import io.mqttparty.testkit.ServerPacket;
import io.mqttparty.testkit.TestClient;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that take less than they are sent, and what slows down then: never more than has to. */
class BackPressureTest {
    // ---- a socket that takes nothing ----

    @Test
    void subscriber_stalledAtQos0_backlogBoundedDroppedAndCounted() {
        try (Scene scene = Scene.limited(l -> l.withQos0BacklogBytes(10_000))) {
            TestClient stalled = scene.client("stalled").subscribed("t", 0);
            TestClient reader = scene.client("reader").subscribed("t", 0);
            TestClient publisher = scene.client("publisher");
            connectionOf(stalled).setWritable(false);

            String payload = "x".repeat(995); // 1,000 bytes with topic and header
            for (int i = 0; i < 100; i++) {
                publisher.publish("t", payload);
                reader.expectPublish("t", payload);
            }

            long dropped = scene.count(DropReason.QOS0_BACKLOG_FULL);
            assertThat(dropped).isBetween(89L, 91L);
            assertThat(scene.events().lines())
                    .filteredOn("dropped stalled t QOS0_BACKLOG_FULL"::equals)
                    .hasSize((int) dropped);
            assertThat(connectionOf(publisher).isBrokerReading()).isTrue();
            connectionOf(stalled).setWritable(true);
            assertThat(stalled.drain()).hasSize(100 - (int) dropped);
            scene.assertOthersGoOn();
        }
    }

    @Test
    void subscriber_stalledAtQos1_nothingLostAndInOrder() {
        try (Scene scene = Scene.start()) {
            TestClient transientOne = scene.client("transient").subscribed("t", 1);
            TestClient persistent = scene.persistent("persistent").subscribed("t", 1);
            connectionOf(transientOne).setWritable(false);
            connectionOf(persistent).setWritable(false);

            TestClient publisher = scene.client("publisher");
            for (int i = 0; i < 500; i++) {
                publisher.published("t", "" + i, 1);
            }
            scene.assertOthersGoOn();

            assertAllArriveInOrder(transientOne, 500);
            assertAllArriveInOrder(persistent, 500);
        }
    }

    private static void assertAllArriveInOrder(TestClient client, int count) {
        client.acknowledgeAll();
        connectionOf(client).setWritable(true);
        for (int i = 0; i < count; i++) {
            client.expectPublish("t", "" + i, 1);
        }
        client.expectNothing();
    }

    @Test
    void subscriber_stalled_brokerWritesNothingIntoAFullSocket() {
        try (Scene scene = Scene.start()) {
            TestClient stalled = scene.client("stalled").subscribed("t", 2);
            connectionOf(stalled).setWritable(false);
            TestClient publisher = scene.client("publisher");
            for (int i = 0; i < 50; i++) {
                publisher.publish("t", "x").published("t", "x", 1).published("t", "x", 2);
            }

            assertThat(connectionOf(stalled).counters().writesWhileUnwritable()).isZero();
            assertThat(connectionOf(stalled).counters().frames()).isEqualTo(2); // CONNACK, SUBACK
        }
    }

    // ---- a client that acknowledges nothing ----

    @Test
    void subscriber_acknowledgesNothing_windowHoldsAndQueueFullClosesOnlyIt() {
        try (Scene scene = Scene.limited(l -> l.withReceiveMaximum(5).withQueueMessages(20))) {
            TestClient lazy = scene.client("lazy").subscribed("t", 1);
            TestClient diligent = scene.client("diligent").subscribed("t", 1).acknowledgeAll();
            TestClient publisher = scene.client("publisher");
            for (int i = 0; i < 26; i++) {
                publisher.publish("t", "" + i, 1, i + 1);
                scene.advanceSeconds(1.1); // the longest time that a publisher is held
                diligent.expectPublish("t", "" + i);
            }

            for (int i = 0; i < 5; i++) {
                lazy.expectPublish("t", "" + i, 1);
            }
            lazy.expectClosed();
            assertThat(scene.events().lines()).contains("disconnected lazy QUOTA_EXCEEDED");
            publisher.pingreq();
            assertThat(publisher.drain()).hasSize(27).endsWith(new ServerPacket.Pingresp());
            scene.assertOthersGoOn();
        }
    }

    @Test
    void subscriber_acknowledgesNothing_queueBytesCloseItToo() {
        try (Scene scene = Scene.limited(l -> l.withReceiveMaximum(1).withQueueBytes(10_000))) {
            TestClient lazy = scene.client("lazy").subscribed("t", 1);
            TestClient publisher = scene.client("publisher");
            for (int i = 0; i < 14; i++) {
                publisher.publish("t", "x".repeat(1000), 1, i + 1);
                scene.advanceSeconds(1.1);
            }
            lazy.expect(ServerPacket.Publish.class);
            lazy.expectClosed();
            scene.assertOthersGoOn();
        }
    }

    @Test
    void subscriber_outOfOrderAcknowledgements_windowMovesByEach() {
        try (Scene scene = Scene.limited(l -> l.withReceiveMaximum(3))) {
            TestClient subscriber = scene.client("s").subscribed("t", 1);
            TestClient publisher = scene.client("p");
            for (int i = 1; i <= 6; i++) {
                publisher.published("t", "" + i, 1);
            }
            for (int i = 1; i <= 3; i++) {
                assertThat(subscriber.expectPublish("t", "" + i).packetId()).isEqualTo(i);
            }
            subscriber.expectNothing();
            subscriber.puback(3).expectPublish("t", "4");
            subscriber.puback(1).expectPublish("t", "5");
            subscriber.expectNothing();
            subscriber.puback(2).expectPublish("t", "6");
            subscriber.puback(4).puback(6).puback(5).expectNothing();
        }
    }

    // ---- holding publishers back ----

    @Test
    void transientSubscriber_halfFull_publisherHeldUntilItDrains() {
        try (Scene scene = Scene.limited(l -> l.withReceiveMaximum(1).withQueueMessages(20))) {
            assertPublisherHeldUntilDrained(scene, scene.client("slow").subscribed("t", 1));
        }
    }

    @Test
    void persistentSubscriber_halfFull_publisherHeldUntilItDrains() {
        try (Scene scene = Scene.limited(l -> l.withReceiveMaximum(1).withQueueMessages(20))) {
            assertPublisherHeldUntilDrained(scene, scene.persistent("slow").subscribed("t", 1));
        }
    }

    private static void assertPublisherHeldUntilDrained(Scene scene, TestClient slow) {
        TestClient publisher = scene.client("publisher");
        TestClient other = scene.client("other");
        int sent = publishUntilHeld(publisher, 20);
        assertThat(sent).isBetween(11, 14);
        assertThat(scene.count(Counter.PUBLISHERS_HELD)).isEqualTo(1);
        assertThat(connectionOf(other).isBrokerReading())
                .as("who publishes elsewhere")
                .isTrue();
        other.published("elsewhere", "x", 1);

        int taken = 0;
        while (!connectionOf(publisher).isBrokerReading()) {
            assertThat(++taken).as("acknowledged while held").isLessThanOrEqualTo(sent);
            slow.puback(slow.expect(ServerPacket.Publish.class).packetId());
        }
        assertThat(taken).as("released at a quarter, not before").isBetween(sent - 7, sent - 3);
        scene.assertOthersGoOn();
    }

    /** Publishes at QoS 1 until the broker stops reading; the number that it has read. */
    private static int publishUntilHeld(TestClient publisher, int most) {
        LoopbackConnection connection = connectionOf(publisher);
        int sent = 0;
        while (connection.isBrokerReading()) {
            assertThat(sent).as("published without being held").isLessThan(most);
            publisher.publish("t", "" + sent++, 1, sent);
        }
        return sent;
    }

    @Test
    void subscriber_stuck_publisherReleasedAfterASecondAndNotHeldAgainFor30() {
        try (Scene scene = Scene.limited(l -> l.withReceiveMaximum(1).withQueueMessages(40))) {
            scene.client("stuck").subscribed("t", 1);
            TestClient publisher = scene.client("publisher");
            int sent = publishUntilHeld(publisher, 40);
            scene.advanceSeconds(0.9);
            assertThat(connectionOf(publisher).isBrokerReading()).isFalse();
            scene.advanceSeconds(0.2);
            assertThat(connectionOf(publisher).isBrokerReading()).isTrue();

            publisher.publish("t", "x", 1, ++sent).publish("t", "x", 1, ++sent);
            assertThat(connectionOf(publisher).isBrokerReading())
                    .as("a stuck one holds nobody")
                    .isTrue();
            scene.advanceSeconds(31);
            publisher.publish("t", "x", 1, ++sent).publish("t", "x", 1, ++sent);
            assertThat(connectionOf(publisher).isBrokerReading())
                    .as("after 30 seconds it counts again")
                    .isFalse();
            scene.advanceSeconds(1.1);
            assertThat(publisher.drain()).as("all were acknowledged").hasSize(sent);
        }
    }

    @Test
    void congestedSubscriber_closes_publisherReleasedAtOnce() {
        try (Scene scene = Scene.limited(l -> l.withReceiveMaximum(1).withQueueMessages(20))) {
            TestClient slow = scene.client("slow").subscribed("t", 1);
            TestClient publisher = scene.client("publisher");
            publishUntilHeld(publisher, 20);
            slow.close();
            assertThat(connectionOf(publisher).isBrokerReading()).isTrue();
        }
    }

    @Test
    void congestedSubscriber_publisherOnAnotherLoop_heldAndReleased() {
        Limits limits = Limits.DEFAULTS.withReceiveMaximum(1).withQueueMessages(20);
        try (Scene scene = Scene.start(2, b -> b.allowAnonymous().limits(limits))) {
            TestClient slow =
                    TestClient.connected(scene.transport().connectOn(0), "slow").subscribed("t", 1);
            TestClient publisher = TestClient.connected(scene.transport().connectOn(1), "publisher");
            int sent = publishUntilHeld(publisher, 20);
            slow.acknowledgeAll();
            for (int i = 0; i < sent; i++) {
                slow.expectPublish("t", "" + i);
            }
            assertThat(connectionOf(publisher).isBrokerReading()).isTrue();
        }
    }

    // ---- publishes that are not safe yet ----

    @Test
    void upstream_neverAnswers_pendingPublishesStopTheReadingUntilTheTimeLimit() {
        ControlledUpstream upstream = new ControlledUpstream();
        try (Scene scene = Scene.start(b -> b.allowAnonymous()
                .limits(Limits.DEFAULTS.withPendingPublishes(10))
                .upstream(TopicFilter.of("up/#"), upstream))) {
            TestClient publisher = scene.client("publisher");
            byte[] all = new byte[0];
            for (int i = 1; i <= 30; i++) {
                all = Packets.concat(all, Packets.publish("up/" + i, "x", 1, false, i, false));
            }
            publisher.sendRaw(all);

            assertThat(upstream.calls().all()).hasSize(10);
            assertThat(connectionOf(publisher).isBrokerReading()).isFalse();
            for (int i = 0; i < 5; i++) {
                upstream.take();
            }
            assertThat(connectionOf(publisher).isBrokerReading()).isFalse(); // it went on and is full again
            assertThat(upstream.calls().all()).hasSize(15);
            scene.advanceSeconds(30.1);

            assertThat(publisher.drain()).hasSize(5);
            publisher.expectClosed();
            assertThat(scene.count(Counter.SPI_FAILURES)).isEqualTo(10);
            scene.assertOthersGoOn();
        }
    }

    @Test
    void publisherHeldByAnUpstream_keepAliveIsNotHeldAgainstIt() {
        ControlledUpstream upstream = new ControlledUpstream();
        try (Scene scene = Scene.start(b -> b.allowAnonymous()
                .limits(Limits.DEFAULTS.withPendingPublishes(1))
                .upstream(TopicFilter.of("up"), upstream))) {
            TestClient publisher = TestClient.connect(
                            scene.connection(), c -> c.clientId("p").keepAlive(4))
                    .expectConnack(0, false);
            publisher.publish("up", "x", 1, 1).pingreq();
            for (int i = 0; i < 5; i++) {
                scene.advanceSeconds(4);
                publisher.pingreq(); // lies in the socket
            }
            upstream.take();
            publisher.expectPuback(1);
            assertThat(publisher.drain()).hasSize(6);

            scene.advanceSeconds(7.1);
            publisher.expectClosed();
        }
    }

    // ---- budgets ----

    @Test
    void totalBytes_usedUp_publishersHeldUntilTheyAreFree() {
        try (Scene scene = Scene.limited(l -> l.withTotalBytes(20_000))) {
            TestClient stalled = scene.client("stalled").subscribed("t", 0);
            TestClient publisher = scene.client("publisher");
            connectionOf(stalled).setWritable(false);
            int sent = 0;
            while (connectionOf(publisher).isBrokerReading()) {
                assertThat(++sent).isLessThan(30);
                publisher.publish("t", "x".repeat(1000));
            }
            assertThat(sent).isBetween(19, 22);
            assertThat(scene.count(Counter.PUBLISHERS_HELD)).isEqualTo(1);

            connectionOf(stalled).setWritable(true);
            assertThat(stalled.drain()).hasSize(sent);
            assertThat(connectionOf(publisher).isBrokerReading()).isTrue();
            publisher.published("t", "goes on", 1);
            stalled.expectPublish("t", "goes on");
        }
    }

    @Test
    void totalBytes_usedUpByOneThatCloses_givenBack() {
        try (Scene scene = Scene.limited(l -> l.withTotalBytes(20_000))) {
            TestClient stalled = scene.client("stalled").subscribed("t", 0);
            TestClient publisher = scene.client("publisher");
            for (int round = 0; round < 5; round++) {
                connectionOf(stalled).setWritable(false);
                while (connectionOf(publisher).isBrokerReading()) {
                    publisher.publish("t", "x".repeat(1000));
                }
                connectionOf(stalled).resetByPeer();
                assertThat(connectionOf(publisher).isBrokerReading()).isTrue();
                stalled = scene.client("stalled").subscribed("t", 0);
            }
            publisher.published("t", "goes on", 1);
            stalled.expectPublish("t", "goes on");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void totalBytes_usedUpByWhatWaitsForAnUpstream_publisherHeldUntilItAnswers(int qos) {
        ControlledUpstream upstream = new ControlledUpstream();
        try (Scene scene = Scene.start(b -> b.allowAnonymous()
                .limits(Limits.DEFAULTS.withTotalBytes(20_000))
                .upstream(TopicFilter.of("up"), upstream))) {
            TestClient publisher = scene.persistent("publisher");
            int sent = 0;
            while (connectionOf(publisher).isBrokerReading()) {
                assertThat(++sent).isLessThan(30);
                publisher.publish("up", "x".repeat(1000), qos, sent);
            }
            assertThat(sent).isBetween(19, 22);

            while (!upstream.calls().pending().isEmpty()) {
                upstream.take();
            }
            assertThat(publisher.drain()).hasSize(sent);
            assertThat(connectionOf(publisher).isBrokerReading()).isTrue();
        }
    }

    @Test
    void totalBytes_ofQos2WhoseSessionIsTakenOver_givenBack() {
        ControlledUpstream upstream = new ControlledUpstream();
        try (Scene scene = Scene.start(b -> b.allowAnonymous()
                .limits(Limits.DEFAULTS.withTotalBytes(20_000))
                .upstream(TopicFilter.of("up"), upstream))) {
            for (int round = 0; round < 5; round++) {
                TestClient publisher = scene.persistent("publisher");
                for (int i = 1; i <= 15; i++) {
                    publisher.publish("up", "x".repeat(1000), 2, 100 * round + i);
                }
                assertThat(connectionOf(publisher).isBrokerReading()).isTrue();
                scene.client("publisher").disconnect(); // takes over
                publisher.expectClosed();
                while (!upstream.calls().pending().isEmpty()) {
                    upstream.take();
                }
            }
            scene.assertOthersGoOn();
        }
    }

    @Test
    void client_asksAndNeverReads_itIsNotReadEither() {
        try (Scene scene = Scene.start()) {
            TestClient rude = scene.client("rude");
            connectionOf(rude).setWritable(false);
            byte[] flood = Packets.pingreq();
            for (int i = 0; i < 14; i++) {
                flood = Packets.concat(flood, flood);
            }
            int sent = 0;
            while (connectionOf(rude).isBrokerReading()) {
                assertThat(++sent).as("32 KiB of PINGREQ each").isLessThan(10);
                rude.sendRaw(flood);
            }
            scene.assertOthersGoOn();

            connectionOf(rude).setWritable(true);
            assertThat(rude.drain()).hasSize(sent * flood.length / 2);
            assertThat(connectionOf(rude).isBrokerReading()).isTrue();
        }
    }

    @Test
    void client_asksAndNeverReads_keepAliveEndsIt() {
        try (Scene scene = Scene.start()) {
            TestClient rude = TestClient.connect(
                            scene.connection(), c -> c.clientId("rude").keepAlive(10))
                    .expectConnack(0, false);
            connectionOf(rude).setWritable(false);
            byte[] flood = Packets.concat(Packets.pingreq(), Packets.pingreq());
            for (int i = 0; i < 15; i++) {
                flood = Packets.concat(flood, flood);
            }
            rude.sendRaw(flood);
            assertThat(connectionOf(rude).isBrokerReading()).isFalse();
            scene.advance(Duration.ofSeconds(17));

            assertThat(connectionOf(rude).isOpen()).isFalse();
            assertThat(scene.count(Counter.KEEP_ALIVE_TIMEOUTS)).isEqualTo(1);
        }
    }

    // ---- an offline session ----

    @Test
    void offlineQueue_overflows_oldestDroppedAndCountedAtReconnect() {
        try (Scene scene = Scene.limited(l -> l.withQueueMessages(10))) {
            scene.persistent("away").subscribed("t", 1).disconnect().expectClosed();
            TestClient publisher = scene.client("publisher");
            for (int i = 0; i < 25; i++) {
                publisher.published("t", "" + i, 1);
            }

            TestClient back = scene.resumed("away").acknowledgeAll();
            for (int i = 15; i < 25; i++) {
                back.expectPublish("t", "" + i, 1);
            }
            back.expectNothing();
            assertThat(scene.count(DropReason.QUEUE_FULL)).isEqualTo(15);
            assertThat(scene.events().lines()).contains("dropped away t QUEUE_FULL");
        }
    }

    @Test
    void offlineQueue_overflowsByBytes_newestKept() {
        try (Scene scene = Scene.limited(l -> l.withQueueBytes(5_000))) {
            scene.persistent("away").subscribed("t", 1).disconnect().expectClosed();
            TestClient publisher = scene.client("publisher");
            for (int i = 0; i < 10; i++) {
                publisher.published("t", i + "x".repeat(998), 1);
            }

            List<ServerPacket> kept = scene.resumed("away").drain();
            assertThat(kept).hasSize(5);
            assertThat(scene.count(DropReason.QUEUE_FULL)).isEqualTo(5);
        }
    }

    @Test
    void session_awayForLongerThanItsExpiry_goneAndCounted() {
        try (Scene scene = Scene.limited(l -> l.withSessionExpiry(Duration.ofSeconds(60)))) {
            scene.persistent("away").subscribed("t", 1).disconnect().expectClosed();
            scene.persistent("shortly").subscribed("t", 1).disconnect().expectClosed();
            scene.advanceSeconds(55);
            scene.client("publisher").published("t", "x", 1);
            scene.resumed("shortly").expectPublish("t", "x", 1);
            scene.advanceSeconds(10);

            assertThat(scene.count(Counter.SESSIONS_EXPIRED)).isEqualTo(1);
            scene.persistent("away").expectNothing();
            scene.advanceSeconds(200);
            assertThat(scene.count(Counter.SESSIONS_EXPIRED))
                    .as("one that is connected does not expire")
                    .isEqualTo(1);
        }
    }
}
