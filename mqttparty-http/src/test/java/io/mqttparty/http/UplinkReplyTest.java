package io.mqttparty.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.http.spi.HttpCounter;
import io.mqttparty.model.QoS;
import io.mqttparty.testkit.ServerPacket;
import io.mqttparty.testkit.TestClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The device asks, the backend answers. */
final class UplinkReplyTest {
    @Test
    void answerWithABody_isSentToTheDevice() {
        try (UplinkScene scene = UplinkScene.of(route -> route.replyTopic("devices/{clientId}/{topic.2}"))) {
            TestClient client = scene.client("c").publish("up/allowed", "?", 1, 1);
            TestClient other = scene.client("d").subscribed("devices/#", 1);
            scene.request(0).answer(200, Map.of(), "yes");

            List<ServerPacket> packets = List.of(client.next(), client.next());
            assertThat(packets).contains(new ServerPacket.Puback(1));
            ServerPacket.Publish reply = (ServerPacket.Publish) packets.stream()
                    .filter(ServerPacket.Publish.class::isInstance)
                    .findFirst()
                    .orElseThrow();
            assertThat(reply.topic()).isEqualTo("devices/c/allowed");
            assertThat(reply.text()).isEqualTo("yes");
            assertThat(reply.qos()).isEqualTo(1);
            client.puback(reply.packetId());
            other.expectNothing();
            assertThat(scene.count(HttpCounter.REPLIES_SENT)).isEqualTo(1);
        }
    }

    @Test
    void answerWithoutABody_orOfAnError_isNotSent() {
        try (UplinkScene scene = UplinkScene.of(route -> route.replyTopic("r"))) {
            TestClient client = scene.client("c").publish("up/x", "?", 1, 1);
            scene.request(0).answer(204);
            client.expectPuback(1).publish("up/x", "?", 1, 2);
            scene.request(1).answer(404, Map.of(), "nothing there");
            client.expectPuback(2).expectNothing();
            assertThat(scene.count(HttpCounter.REPLIES_SENT)).isZero();
            assertThat(scene.count(HttpCounter.REPLIES_LOST)).isZero();
        }
    }

    @Test
    void answerWithABody_onARouteWithoutReplies_isForgotten() {
        try (UplinkScene scene = UplinkScene.of(route -> route)) {
            TestClient client = scene.client("c").publish("up/x", "?", 1, 1);
            scene.request(0).answer(200, Map.of(), "OK");
            client.expectPuback(1).expectNothing();
        }
    }

    @Test
    void answerThatIsTooLarge_isLostAndTheMessageDelivered() {
        try (UplinkScene scene = UplinkScene.of(route -> route.replyTopic("r").replyBytes(3))) {
            TestClient client = scene.client("c").publish("up/x", "?", 1, 1);
            scene.request(0).answer(200, Map.of(), "1234");
            client.expectPuback(1).expectNothing();
            assertThat(scene.events).containsExactly("reply lost c up/x: the body is larger than 3 bytes");
            assertThat(scene.count(HttpCounter.REPLIES_LOST)).isEqualTo(1);
        }
    }

    @Test
    void answerWithoutATopic_isLost() {
        try (UplinkScene scene = UplinkScene.of(route -> route.replyTopic("devices/{clientId}"))) {
            TestClient client = scene.client("c+#").publish("up/x", "?", 1, 1);
            scene.request(0).answer(200, Map.of(), "1234");
            client.expectPuback(1).expectNothing();
            assertThat(scene.events).containsExactly("reply lost c+# up/x: it has no topic");
        }
    }

    @Test
    void answerForADeviceThatIsGone_isLost() {
        try (UplinkScene scene = UplinkScene.of(route -> route.replyTopic("r"))) {
            TestClient client = scene.client("c").publish("up/x", "?", 1, 1);
            client.pipe().close();
            scene.clock.runUntilIdle();
            scene.request(0).answer(200, Map.of(), "late");
            scene.clock.runUntilIdle();
            assertThat(scene.events).containsExactly("reply lost c up/x: the client is gone");
        }
    }

    @Test
    void answerForAPersistentSession_waitsForTheDeviceAsLongAsItMay() {
        try (UplinkScene scene = UplinkScene.of(
                route -> route.replyTopic("r").replyQos(QoS.EXACTLY_ONCE).replyTtl(Duration.ofSeconds(30)))) {
            assertReplyAfter(scene, Duration.ofSeconds(10), 2, true);
            assertReplyAfter(scene, Duration.ofSeconds(31), 3, false);
        }
    }

    private static void assertReplyAfter(UplinkScene scene, Duration away, int packetId, boolean comes) {
        boolean present = packetId > 2;
        int number = scene.backend.exchanges().size();
        TestClient client = scene.persistent("c", present).publish("up/x", "?", 1, packetId);
        client.pipe().close();
        scene.clock.runUntilIdle();
        scene.request(number).answer(200, Map.of(), "answer");
        scene.advance(away);
        TestClient back = scene.persistent("c", true);
        if (comes) {
            int id = back.expectPublish("r", "answer", 2).packetId();
            back.pubrec(id).expectPubrel(id).pubcomp(id);
        }
        back.expectNothing().disconnect().expectClosed();
    }
}
