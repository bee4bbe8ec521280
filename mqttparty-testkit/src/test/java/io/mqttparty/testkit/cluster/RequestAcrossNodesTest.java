package io.mqttparty.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import io.mqttparty.model.MqttPartyException;
import io.mqttparty.model.Payload;
import io.mqttparty.model.TopicName;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.Correlation;
import io.mqttparty.spi.Counter;
import io.mqttparty.testkit.TestClient;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests of the application on one node to clients that are connected to another, and reply wherever they like. */
class RequestAcrossNodesTest {
    private final ClusterScene scene = ClusterScene.of(3);
    private final ClusterNode a = scene.node(0);
    private final ClusterNode b = scene.node(1);
    private final ClusterNode c = scene.node(2);

    @AfterEach
    void stop() {
        scene.close();
    }

    @ParameterizedTest
    @CsvSource({"false,0", "false,1", "true,0", "true,1", "true,2"})
    void request_clientOnAnotherNode_replyComesBack(boolean persistent, int qos) {
        TestClient client = persistent ? b.persistent("c") : b.client("c");
        CompletableFuture<Message> reply = request(a, "reply");
        client.expectPublish("ask", "?", 1);
        assertThat(reply).isNotDone();

        client.published("other", "no", qos).published("reply", "yes", qos);

        assertThat(scene.now(reply).payload()).isEqualTo(Payload.utf8("yes"));
        assertThat(b.backend().bus().received(BusRecord.Forget.class)).hasSize(1);
    }

    @Test
    void request_clientOnThisNodeThatMoves_replyComesBack() {
        a.persistent("c");
        CompletableFuture<Message> reply = request(a, "reply");

        TestClient moved = b.resumed("c");
        moved.expectPublish("ask", "?", 1);
        moved.publish("reply", "yes");

        assertThat(scene.now(reply).payload()).isEqualTo(Payload.utf8("yes"));
    }

    @Test // it may have got the request on one node and answer through another
    void request_clientThatMovesToAThirdNode_replyComesBack() {
        TestClient client = b.persistent("c");
        CompletableFuture<Message> reply = request(a, "reply");
        client.puback(client.expectPublish("ask", "?", 1).packetId())
                .disconnect()
                .expectClosed();

        c.resumed("c").published("reply", "yes", 1);

        assertThat(scene.now(reply).payload()).isEqualTo(Payload.utf8("yes"));
    }

    @Test
    void request_ofTwoNodesOnOneTopic_bothGetTheReply() {
        TestClient client = b.persistent("c");
        CompletableFuture<Message> first = request(a, "reply");
        CompletableFuture<Message> second = request(c, "reply");

        client.publish("reply", "yes");

        assertThat(scene.now(first).payload()).isEqualTo(Payload.utf8("yes"));
        assertThat(scene.now(second).payload()).isEqualTo(Payload.utf8("yes"));
    }

    @Test
    void request_onATopicThatIsAwaited_isRefused() {
        b.persistent("c");
        request(a, "reply");

        assertThatThrownBy(() -> request(a, "reply")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void request_noReplyInTime_failsAndIsForgottenEverywhere() {
        TestClient client = b.persistent("c");
        CompletableFuture<Message> reply = request(a, "reply");

        scene.advance(Duration.ofSeconds(10));

        assertFailed(reply, "no reply of client c in time");
        client.publish("reply", "late");
        assertThat(a.backend().bus().received(BusRecord.Reply.class)).isEmpty();
        assertThat(c.backend().bus().received(BusRecord.Expect.class)).hasSize(1);
    }

    @Test
    void request_clientIsOffline_failsAtOnceAndNothingIsLeft() {
        b.persistent("c").disconnect().expectClosed();

        assertFailed(request(a, "reply"), "client c is not connected");

        b.resumed("c").expectNothing();
    }

    @Test // at the limit of the other node, not of the one that asks
    void request_tooManyOpenAtAnotherNode_isRefusedAndCounted() {
        TestClient client = b.persistent("c");
        for (int i = 0; i < 10_000; i++) {
            scene.shared()
                    .cluster()
                    .bus()
                    .send(
                            c.id(),
                            b.id(),
                            new BusRecord.Expect(
                                    new Correlation(i, i), ClientId.of("c"), TopicName.of("topic" + i), 5_000));
        }
        scene.clock().runUntilIdle();
        assertThat(b.count(Counter.NODE_CALLS_REFUSED)).isZero();

        assertFailed(request(a, "reply"), "too many");

        assertThat(b.count(Counter.NODE_CALLS_REFUSED)).isPositive();
        scene.advance(Duration.ofSeconds(5));
        CompletableFuture<Message> reply = request(a, "reply");
        client.publish("reply", "yes");
        assertThat(scene.now(reply).payload()).isEqualTo(Payload.utf8("yes"));
    }

    private CompletableFuture<Message> request(ClusterNode from, String replyTopic) {
        CompletableFuture<Message> reply = from.broker()
                .clients()
                .request(
                        ClientId.of("c"),
                        TopicName.of("ask"),
                        Payload.utf8("?"),
                        TopicName.of(replyTopic),
                        Duration.ofSeconds(10))
                .toCompletableFuture();
        scene.clock().runUntilIdle();
        return reply;
    }

    private static void assertFailed(CompletableFuture<?> future, String message) {
        assertThat(future).isCompletedExceptionally();
        assertThatThrownBy(future::join)
                .hasCauseInstanceOf(MqttPartyException.class)
                .hasMessageContaining(message);
    }
}
