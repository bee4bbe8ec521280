package io.mqttparty.testkit.robustness;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.TopicFilter;
import io.mqttparty.spi.Counter;
import io.mqttparty.spi.DropReason;
import io.mqttparty.testkit.BytePipe;
import io.mqttparty.testkit.ControlledUpstream;
import io.mqttparty.testkit.Packets;
import io.mqttparty.testkit.ServerPacket;
import io.mqttparty.testkit.TestClient;
import java.io.ByteArrayOutputStream;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Acknowledgements that nobody asked for, packet ids that wrap round or are all taken, and exchanges that are never finished. */
class AcknowledgementTest {
    // ---- unsolicited ----

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 7})
    void acknowledgement_ofAFreshSession_closed(int type) {
        try (Scene scene = Scene.start()) {
            TestClient client = scene.client("c");
            client.sendRaw(Packets.packet(type, 0, Packets.uint16(1))).expectClosed();

            TestClient persistent = scene.persistent("p");
            persistent.sendRaw(Packets.packet(type, 0, Packets.uint16(1))).expectClosed();

            assertThat(scene.count(Counter.PROTOCOL_VIOLATIONS)).isEqualTo(2);
            scene.assertOthersGoOn();
        }
    }

    @Test
    void acknowledgement_unknownInASessionThatWasUsed_ignoredOrAnswered() {
        try (Scene scene = Scene.start()) {
            for (TestClient client : new TestClient[] {scene.client("transient"), scene.persistent("persistent")}) {
                client.subscribed("t", 1).published("t", "x", 1);
                int used = client.expectPublish("t", "x", 1).packetId();
                client.puback(used);

                client.puback(used).puback(777).pubcomp(778).expectNothing();
                client.pubrec(used).expectPubrel(used);
                client.pubcomp(used).pingreq().expectPingresp();
            }
        }
    }

    @Test
    void pubrec_unknownInAResumedSession_answeredWithPubrel() {
        try (Scene scene = Scene.start()) {
            scene.persistent("p").subscribed("t", 1).published("t", "x", 1).close();
            TestClient back = scene.resumed("p");
            assertThat(back.expectPublish("t", "x", 1).dup()).isTrue();

            back.pubrec(900).expectPubrel(900);
        }
    }

    @Test
    @Tag("MQTT-4.8.0-1")
    void acknowledgement_ofTheWrongKind_closed() {
        assertWrongAnswerCloses(1, Packets::pubrec);
        assertWrongAnswerCloses(1, Packets::pubcomp);
        assertWrongAnswerCloses(2, Packets::puback);
        assertWrongAnswerCloses(2, Packets::pubcomp);
    }

    private static void assertWrongAnswerCloses(int qos, IntFunction<byte[]> wrong) {
        try (Scene scene = Scene.start()) {
            TestClient client = scene.client("c").subscribed("t", qos);
            scene.client("p").published("t", "x", qos);
            int packetId = client.expectPublish("t", "x", qos).packetId();
            client.sendRaw(wrong.apply(packetId)).expectClosed();
            assertThat(scene.count(Counter.PROTOCOL_VIOLATIONS)).isEqualTo(1);
            scene.assertOthersGoOn();
        }
    }

    @Test
    @Tag("MQTT-4.3.3-2")
    void pubrel_unknown_answeredWithPubcomp() {
        try (Scene scene = Scene.start()) {
            scene.client("transient").pubrel(5).expectPubcomp(5).pubrel(5).expectPubcomp(5);
            scene.persistent("persistent").pubrel(5).expectPubcomp(5).pubrel(5).expectPubcomp(5);
        }
    }

    // ---- QoS 2 from the client ----

    @Test
    void publish_qos2FirstSeenWithDup_delivered() {
        try (Scene scene = Scene.start()) {
            TestClient watcher = scene.client("watcher").subscribed("t", 2).acknowledgeAll();
            for (TestClient client : new TestClient[] {scene.client("transient"), scene.persistent("persistent")}) {
                client.publish("t", "first seen", 2, false, 9, true).expectPubrec(9);
                watcher.expectPublish("t", "first seen", 2);
                client.publish("t", "first seen", 2, false, 9, true).expectPubrec(9);
                client.pubrel(9).expectPubcomp(9);
                watcher.expectNothing();
                client.publish("t", "a new one", 2, false, 9, false).expectPubrec(9);
                watcher.expectPublish("t", "a new one", 2);
            }
        }
    }

    @Test
    void publish_qos2SentAgainAfterReconnect_deliveredOnce() {
        try (Scene scene = Scene.start()) {
            TestClient watcher = scene.client("watcher").subscribed("t", 2).acknowledgeAll();
            TestClient first = scene.persistent("p").publish("t", "once", 2, 3);
            first.expectPubrec(3);
            first.close();
            TestClient second = scene.resumed("p").publish("t", "once", 2, false, 3, true);
            second.expectPubrec(3);
            TestClient third = scene.resumed("p"); // a takeover
            third.publish("t", "once", 2, false, 3, true).expectPubrec(3);
            third.pubrel(3).expectPubcomp(3);

            watcher.expectPublish("t", "once");
            watcher.expectNothing();
        }
    }

    @Test
    void publish_qos2BeyondTheOpenExchanges_closed() {
        try (Scene scene = Scene.limited(l -> l.withInboundQos2(10))) {
            TestClient client = scene.client("c");
            for (int id = 1; id <= 10; id++) {
                client.publish("t", "x", 2, id).expectPubrec(id);
            }
            client.publish("t", "x", 2, false, 4, true).expectPubrec(4);
            client.pubrel(4).expectPubcomp(4).publish("t", "x", 2, 4).expectPubrec(4);
            client.publish("t", "x", 2, 11).expectClosed();

            assertThat(scene.count(Counter.PROTOCOL_VIOLATIONS)).isEqualTo(1);
            assertThat(scene.events().lines()).contains("disconnected c QUOTA_EXCEEDED");
            scene.assertOthersGoOn();
        }
    }

    @Test
    void publish_allPacketIdsOpenAtQos2_nextOneCloses() {
        assertAllPacketIdsOpen(true);
    }

    @Test
    void publish_allPacketIdsOpenAtQos2OfAPersistentSession_nextOneCloses() {
        assertAllPacketIdsOpen(false);
    }

    private static void assertAllPacketIdsOpen(boolean cleanSession) {
        try (Scene scene = Scene.start()) {
            TestClient client = TestClient.connect(
                            scene.connection(), c -> c.clientId("c").cleanSession(cleanSession))
                    .expectConnack(0, false);
            BytePipe pipe = client.pipe();
            int received = 0;
            for (int from = 1; from <= 65_535; from += 5_000) {
                ByteArrayOutputStream many = new ByteArrayOutputStream();
                for (int id = from; id < Math.min(65_536, from + 5_000); id++) {
                    many.writeBytes(Packets.publish("t", "", 2, false, id, false));
                }
                pipe.send(many.toByteArray());
                received += pipe.awaitBytes().length;
            }
            assertThat(received).isEqualTo(65_535 * 4);

            pipe.send(Packets.publish("t", "", 2, false, 1, true));
            assertThat(pipe.awaitBytes()).isEqualTo(Packets.packet(5, 0, Packets.uint16(1)));
            pipe.send(Packets.publish("t", "", 2, false, 1, false));
            assertThat(pipe.awaitBytes()).isEmpty();
            assertThat(pipe.isEnded()).isTrue();
            scene.assertOthersGoOn();
        }
    }

    @Test
    void publish_sameQos2AgainAndAgainWhileItIsPending_endsBeforeItCostsMemory() {
        ControlledUpstream upstream = new ControlledUpstream();
        try (Scene scene = Scene.start(b -> b.allowAnonymous().upstream(TopicFilter.of("up"), upstream))) {
            TestClient client = scene.client("c");
            byte[] flood = Packets.publish("up", "", 2, false, 1, true);
            for (int i = 0; i < 10; i++) {
                flood = Packets.concat(flood, flood);
            }
            for (int i = 0; i < 65; i++) {
                client.pipe().send(flood);
            }
            client.pipe().awaitBytes();
            assertThat(client.pipe().isEnded()).isTrue();
            assertThat(upstream.calls().all()).hasSize(1);
            scene.assertOthersGoOn();
        }
    }

    // ---- packet ids to the client ----

    @Test
    @Tag("MQTT-2.3.1-4")
    void deliveries_oneNeverAcknowledged_idsWrapRoundBesideIt() {
        try (Scene scene = Scene.limited(l -> l.withReceiveMaximum(10))) {
            assertWrapsBesideAStuckOne(scene, scene.client("transient").subscribed("t", 1));
        }
    }

    @Test
    @Tag("MQTT-2.3.1-4")
    void deliveries_oneNeverAcknowledgedInAPersistentSession_idsWrapRoundBesideIt() {
        try (Scene scene = Scene.limited(l -> l.withReceiveMaximum(10))) {
            assertWrapsBesideAStuckOne(scene, scene.persistent("persistent").subscribed("t", 1));
        }
    }

    /** The client checks that no packet id is used twice. The stuck one holds what is 65,535 behind it, and no longer. */
    private static void assertWrapsBesideAStuckOne(Scene scene, TestClient subscriber) {
        TestClient publisher = scene.client("publisher");
        publisher.publish("t", "stuck");
        publisher.published("t", "stuck", 1);
        subscriber.expectPublish("t", "stuck");
        int stuck = subscriber.expectPublish("t", "stuck").packetId();
        for (int i = 1; i < 65_535; i++) {
            publisher.publish("t", "", 1, i % 65_535 + 1);
            subscriber.puback(subscriber.expectPublish("t", "").packetId());
        }
        publisher.publish("t", "behind", 1, 1).publish("t", "behind", 1, 2);
        subscriber.expectNothing();
        scene.assertOthersGoOn();

        subscriber.puback(stuck);
        assertThat(subscriber.expectPublish("t", "behind").packetId()).isEqualTo(stuck);
        subscriber.expectPublish("t", "behind");
        assertThat(publisher.drain()).hasSize(65_534 + 2);
    }

    // ---- DUP ----

    @Test
    @Tag("MQTT-3.3.1-1")
    void takeover_ofALiveConnection_whatWasSentIsSentAgainWithDup() {
        try (Scene scene = Scene.start()) {
            TestClient old = scene.persistent("s").subscribed("t", 2);
            TestClient publisher = scene.client("p")
                    .published("t", "1", 1)
                    .published("t", "2", 2)
                    .published("t", "3", 2);
            old.expectPublish("t", "1");
            int second = old.expectPublish("t", "2").packetId();
            old.pubrec(second).expect(ServerPacket.Publish.class);
            old.expectPubrel(second);

            TestClient taker = scene.resumed("s");
            old.expectClosed();
            taker.expectPubrel(second);
            assertThat(taker.expectPublish("t", "1", 1).dup()).isTrue();
            assertThat(taker.expectPublish("t", "3", 2).dup()).isTrue();
            publisher.published("t", "4", 1);
            assertThat(taker.expectPublish("t", "4", 1).dup()).isFalse();
        }
    }

    @Test
    void reconnect_afterOutOfOrderAcknowledgements_nothingCountsAsDropped() {
        try (Scene scene = Scene.start()) {
            TestClient subscriber = scene.persistent("s").subscribed("t", 1);
            TestClient publisher = scene.client("p");
            for (int i = 1; i <= 4; i++) {
                publisher.published("t", "" + i, 1);
            }
            subscriber.drain();
            subscriber.puback(2).puback(3).close();

            TestClient back = scene.resumed("s");
            back.expectPublish("t", "1", 1);
            back.expectPublish("t", "4", 1);
            assertThat(scene.count(DropReason.QUEUE_FULL)).isZero();
        }
    }
}
