package io.mqttparty.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttparty.model.ClientCallException;
import io.mqttparty.model.ClientCallException.Reason;
import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import io.mqttparty.model.Payload;
import io.mqttparty.model.TopicName;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.Correlation;
import io.mqttparty.spi.Counter;
import io.mqttparty.testkit.TestClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

        assertFailed(request(a, "reply"), Reason.REPLY_TOPIC_IN_USE, "is awaited already");
    }

    @Test
    void request_noReplyInTime_failsAndIsForgottenEverywhere() {
        TestClient client = b.persistent("c");
        CompletableFuture<Message> reply = request(a, "reply");

        scene.advance(Duration.ofSeconds(10));

        assertFailed(reply, Reason.NO_ANSWER, "no reply of client c in time");
        client.publish("reply", "late");
        assertThat(a.backend().bus().received(BusRecord.Reply.class)).isEmpty();
        assertThat(c.backend().bus().received(BusRecord.Expect.class)).hasSize(1);
    }

    @Test
    void request_clientIsOffline_failsAtOnceAndNothingIsLeft() {
        b.persistent("c").disconnect().expectClosed();

        assertFailed(request(a, "reply"), Reason.OFFLINE, "client c is not connected");

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

        assertFailed(request(a, "reply"), Reason.TOO_MANY_CALLS, "too many");

        assertThat(b.count(Counter.NODE_CALLS_REFUSED)).isPositive();
        scene.advance(Duration.ofSeconds(5));
        CompletableFuture<Message> reply = request(a, "reply");
        client.publish("reply", "yes");
        assertThat(scene.now(reply).payload()).isEqualTo(Payload.utf8("yes"));
    }

    @Test
    void request_unknownClient_failsAtOnce() {
        assertFailed(request(a, "reply"), Reason.UNKNOWN_CLIENT, "client c is not known");
    }

    @Test
    void request_tooManyOpenHere_isRefusedAndCounted() {
        b.persistent("c");
        List<CompletableFuture<Message>> open = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            open.add(a.broker()
                    .clients()
                    .request(
                            ClientId.of("c"),
                            TopicName.of("ask"),
                            Payload.EMPTY,
                            TopicName.of("reply" + i),
                            Duration.ofSeconds(10))
                    .toCompletableFuture());
        }
        assertThat(a.count(Counter.REQUESTS_REFUSED)).isZero();

        assertFailed(request(a, "reply"), Reason.TOO_MANY_CALLS, "too many requests are open on this node");

        assertThat(a.count(Counter.REQUESTS_REFUSED)).isEqualTo(1);
        open.forEach(each -> each.cancel(false));
        assertThat(request(a, "reply")).isNotDone();
    }

    @Test
    void request_cancelled_isForgottenEverywhere() {
        b.persistent("c");
        CompletableFuture<Message> reply = request(a, "reply");

        reply.cancel(false);
        scene.clock().runUntilIdle();

        assertThat(b.backend().bus().received(BusRecord.Forget.class)).hasSize(1);
        assertThat(c.backend().bus().received(BusRecord.Forget.class)).hasSize(1);
        assertThat(request(a, "reply")).isNotDone();
    }

    @Test // the node of the client is dead, and nobody has noticed
    void request_nodeOfTheClientIsDead_clientAnswersThroughAnother() {
        b.persistent("c");
        b.kill();
        CompletableFuture<Message> reply = request(a, "reply");
        scene.advance(Duration.ofSeconds(6));
        assertThat(reply).isNotDone();

        TestClient moved = c.resumed("c");
        moved.puback(moved.expectPublish("ask", "?", 1).packetId()).published("reply", "yes", 1);

        assertThat(scene.now(reply).payload()).isEqualTo(Payload.utf8("yes"));
    }

    @Test // who asked has given up
    void request_notDeliveredInTime_isNotDeliveredLater() {
        b.persistent("c");
        b.kill();
        CompletableFuture<Message> reply = request(a, "reply");
        scene.advance(Duration.ofSeconds(11));

        assertFailed(reply, Reason.NO_ANSWER, "no reply of client c in time");
        c.resumed("c").expectNothing();
    }

    @Test
    void request_stopWhileItIsOpen_fails() {
        b.persistent("c");
        CompletableFuture<Message> reply = request(a, "reply");

        var stopped = a.broker().stop();
        scene.advance(Duration.ofSeconds(1));

        assertThat(stopped.toCompletableFuture()).isCompleted();
        assertFailed(reply, Reason.UNAVAILABLE, "the broker is closing");
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

    private static void assertFailed(CompletableFuture<?> future, Reason reason, String message) {
        assertThat(future).isCompletedExceptionally();
        assertThatThrownBy(future::join)
                .hasMessageContaining(message)
                .cause()
                .isInstanceOfSatisfying(ClientCallException.class, failure -> {
                    assertThat(failure.reason()).isEqualTo(reason);
                    assertThat(failure.getStackTrace()).isEmpty();
                });
    }
}
