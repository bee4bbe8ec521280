package io.mqttparty.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.http.DownlinkScene.Answer;
import io.mqttparty.http.spi.DownlinkResponse;
import io.mqttparty.model.Payload;
import io.mqttparty.testkit.ServerPacket;
import io.mqttparty.testkit.TestClient;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The API of the first of three nodes, for clients that are connected to others. */
class DownlinkAcrossNodesTest {
    private static final String MESSAGE = "/v1/clients/c/messages?topic=t&wait=puback";

    @AutoClose
    private final DownlinkScene scene = new DownlinkScene(3);

    private CompletableFuture<DownlinkResponse> post(String target) {
        return scene.begin(0, "POST", target, "m");
    }

    private static String replyTopic(ServerPacket.Publish request) {
        return request.topic().replace("/requests/", "/replies/");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void message_clientIsOnAnotherNode_answersWithItsPuback(boolean persistent) {
        TestClient client =
                persistent ? scene.node(1).persistent("c") : scene.node(1).client("c");
        CompletableFuture<DownlinkResponse> answer = post(MESSAGE);
        int packetId = client.expectPublish("t", "m", 1).packetId();
        assertThat(answer).isNotDone();

        client.puback(packetId);
        scene.cluster().clock().runUntilIdle();

        new Answer(answer.join()).has(200);
    }

    @Test
    void message_nodeOfTheClientIsKilledWhileTheCallerWaits_504AndQueued() {
        TestClient client = scene.node(1).persistent("c");
        CompletableFuture<DownlinkResponse> answer = post(MESSAGE);
        client.expectPublish("t", "m", 1);

        scene.node(1).kill();
        scene.node(1).backend().bus().reap();
        scene.advance(Duration.ofSeconds(3));

        new Answer(answer.join()).isProblem(504, "connection-ended").says("queued", true);
        assertThat(scene.node(2).resumed("c").expectPublish("t", "m", 1).dup()).isTrue();
    }

    @Test
    void client_ofAnotherNode_isShownAndDisconnected() {
        TestClient client = scene.node(1).client("c");

        scene.now("GET", "/v1/clients/c")
                .has(200)
                .says("node", scene.node(1).id().value());
        scene.now("DELETE", "/v1/clients/c").has(200).says("result", "disconnected");

        client.expectClosed();
    }

    @Test
    void publish_subscriberOnAnotherNode_getsIt() {
        TestClient subscriber = scene.node(2).persistent("c").subscribed("news", 1);

        scene.now("POST", "/v1/messages?topic=news", "hello").has(200);

        subscriber.expectPublish("news", "hello", 1);
    }

    @Test
    void request_clientIsOnAnotherNode_replyComesBack() {
        TestClient client = scene.node(1).client("c");
        CompletableFuture<DownlinkResponse> answer = post("/v1/clients/c/requests");

        client.published(replyTopic(client.expect(ServerPacket.Publish.class)), "yes", 1);
        scene.cluster().clock().runUntilIdle();

        assertThat(answer.join().body()).isEqualTo(Payload.utf8("yes"));
    }

    @Test // asked through the first node, got it on the second, answers through the third
    void request_clientMovesBeforeItAnswers_replyComesBack() {
        TestClient client = scene.node(1).persistent("c");
        CompletableFuture<DownlinkResponse> answer = post("/v1/clients/c/requests");
        ServerPacket.Publish asked = client.expect(ServerPacket.Publish.class);
        client.puback(asked.packetId()).disconnect().expectClosed();

        scene.node(2).resumed("c").published(replyTopic(asked), "yes", 1);
        scene.cluster().clock().runUntilIdle();

        assertThat(answer.join().body()).isEqualTo(Payload.utf8("yes"));
    }

    @Test
    void request_nodeOfTheClientIsKilledBeforeItAnswers_replyComesBackThroughAnother() {
        TestClient client = scene.node(1).persistent("c");
        CompletableFuture<DownlinkResponse> answer = post("/v1/clients/c/requests");
        ServerPacket.Publish asked = client.expect(ServerPacket.Publish.class);

        scene.node(1).kill();
        scene.node(1).backend().bus().reap();
        scene.advance(Duration.ofSeconds(3));
        assertThat(answer).isNotDone();
        TestClient moved = scene.node(2).resumed("c");
        assertThat(moved.expect(ServerPacket.Publish.class).topic()).isEqualTo(asked.topic());
        moved.published(replyTopic(asked), "yes", 1);
        scene.cluster().clock().runUntilIdle();

        assertThat(answer.join().body()).isEqualTo(Payload.utf8("yes"));
    }

    @Test
    void requests_ofTwoNodesAtOnce_areNotMixedUp() {
        TestClient client = scene.node(1).client("c");
        CompletableFuture<DownlinkResponse> first = post("/v1/clients/c/requests");
        CompletableFuture<DownlinkResponse> second = scene.begin(2, "POST", "/v1/clients/c/requests", "m");
        ServerPacket.Publish one = client.expect(ServerPacket.Publish.class);
        ServerPacket.Publish two = client.expect(ServerPacket.Publish.class);

        client.published(replyTopic(two), "two", 1).published(replyTopic(one), "one", 1);
        scene.cluster().clock().runUntilIdle();

        assertThat(first.join().body()).isEqualTo(Payload.utf8("one"));
        assertThat(second.join().body()).isEqualTo(Payload.utf8("two"));
    }
}
