package io.mqttparty.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttparty.Clients.SendOptions;
import io.mqttparty.Clients.SendResult;
import io.mqttparty.model.ClientCallException;
import io.mqttparty.model.ClientCallException.Reason;
import io.mqttparty.model.ClientId;
import io.mqttparty.model.Limits;
import io.mqttparty.model.Message;
import io.mqttparty.model.MqttPartyException;
import io.mqttparty.model.QoS;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.Counter;
import io.mqttparty.testkit.TestClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages of the application on one node to single clients that are connected to another. */
class SendAcrossNodesTest {
    private static final ClientId CLIENT = ClientId.of("c");
    private static final SendOptions AWAITED = SendOptions.DEFAULTS.awaitingAcknowledgement(Duration.ofSeconds(10));

    private final ClusterScene scene = ClusterScene.of(3);
    private final ClusterNode a = scene.node(0);
    private final ClusterNode b = scene.node(1);
    private final ClusterNode c = scene.node(2);

    @AfterEach
    void stop() {
        scene.close();
    }

    // ---- without acknowledgement ----

    @ParameterizedTest
    @CsvSource({"false,0", "false,1", "false,2", "true,0", "true,1", "true,2"})
    void send_clientOnAnotherNode_isDelivered(boolean persistent, int qos) {
        TestClient client = persistent ? b.persistent("c") : b.client("c");

        assertThat(send(qos, SendOptions.DEFAULTS)).isCompletedWithValue(SendResult.DELIVERED);

        client.expectPublish("t", "m", qos);
        client.expectNothing();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void send_onlineOnly_isDelivered(int qos) {
        TestClient client = b.persistent("c");

        assertThat(send(qos, SendOptions.DEFAULTS.onlineOnly())).isCompletedWithValue(SendResult.DELIVERED);

        client.expectPublish("t", "m", qos);
    }

    @Test
    void send_clientThatIsOffline_isQueuedOrNot() {
        b.persistent("c").disconnect().expectClosed();

        assertThat(send(1, SendOptions.DEFAULTS.onlineOnly())).isCompletedWithValue(SendResult.OFFLINE);
        assertThat(send(0, SendOptions.DEFAULTS)).isCompletedWithValue(SendResult.OFFLINE);
        assertThat(send(1, SendOptions.DEFAULTS)).isCompletedWithValue(SendResult.QUEUED);
        assertThat(send(1, AWAITED)).isCompletedWithValue(SendResult.QUEUED);

        TestClient client = c.resumed("c");
        client.expectPublish("t", "m", 1);
        client.expectPublish("t", "m", 1);
        client.expectNothing();
    }

    @Test
    void send_unknownClient_saysSo() {
        assertThat(send(1, SendOptions.DEFAULTS)).isCompletedWithValue(SendResult.UNKNOWN_CLIENT);
    }

    // ---- with acknowledgement ----

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void send_awaitedAtQos1_completesWithPuback(boolean persistent) {
        TestClient client = persistent ? b.persistent("c") : b.client("c");
        CompletableFuture<SendResult> sent = send(1, AWAITED);
        int packetId = client.expectPublish("t", "m", 1).packetId();
        assertThat(sent).isNotDone();

        client.puback(packetId);

        assertThat(sent).isCompletedWithValue(SendResult.DELIVERED);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void send_awaitedAtQos2_completesWithPubcomp(boolean persistent) {
        TestClient client = persistent ? b.persistent("c") : b.client("c");
        CompletableFuture<SendResult> sent = send(2, AWAITED);
        int packetId = client.expectPublish("t", "m", 2).packetId();
        client.pubrec(packetId).expectPubrel(packetId);
        assertThat(sent).isNotDone();

        client.pubcomp(packetId);

        assertThat(sent).isCompletedWithValue(SendResult.DELIVERED);
    }

    @Test
    void send_awaitedAtQos0_completesAtOnce() {
        b.persistent("c");

        assertThat(send(0, AWAITED)).isCompletedWithValue(SendResult.DELIVERED);
    }

    @Test // several of one message object are several messages
    void send_sameMessageTwice_eachIsWaitedForByItself() {
        TestClient client = b.client("c");
        Message message = Message.of("t", "m", QoS.AT_LEAST_ONCE);
        CompletableFuture<SendResult> first = send(a, message, AWAITED);
        CompletableFuture<SendResult> second = send(a, message, AWAITED);
        int firstId = client.expectPublish("t", "m", 1).packetId();
        int secondId = client.expectPublish("t", "m", 1).packetId();

        client.puback(secondId);
        assertThat(first).isNotDone();
        assertThat(second).isCompletedWithValue(SendResult.DELIVERED);
        client.puback(firstId);
        assertThat(first).isCompletedWithValue(SendResult.DELIVERED);
    }

    @Test
    void send_connectionEndsBefore_failsAndTheMessageStays() {
        TestClient client = b.persistent("c");
        CompletableFuture<SendResult> sent = send(1, AWAITED);
        client.expectPublish("t", "m", 1);

        client.disconnect().expectClosed();

        assertFailed(sent, Reason.CONNECTION_ENDED, true, "ended before the acknowledgement");
        assertThat(c.resumed("c").expectPublish("t", "m", 1).dup()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void send_noAcknowledgementInTime_failsAndIsForgotten(boolean persistent) {
        TestClient client = persistent ? b.persistent("c") : b.client("c");
        CompletableFuture<SendResult> sent = send(1, AWAITED);
        int packetId = client.expectPublish("t", "m", 1).packetId();
        scene.advance(Duration.ofMillis(9_999));
        assertThat(sent).isNotDone();

        scene.advance(Duration.ofMillis(2));

        assertFailed(sent, Reason.NO_ANSWER, persistent, "client c has not acknowledged the message in time");
        assertThat(b.backend().bus().received(BusRecord.Forget.class)).hasSize(1);
        client.puback(packetId);
        assertThat(a.backend().bus().received(BusRecord.Answer.class)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void send_cancelledByTheCaller_isForgotten(boolean persistent) {
        TestClient client = persistent ? b.persistent("c") : b.client("c");
        CompletableFuture<SendResult> sent = send(1, AWAITED);
        int packetId = client.expectPublish("t", "m", 1).packetId();

        sent.cancel(false);
        scene.clock().runUntilIdle();

        assertThat(b.backend().bus().received(BusRecord.Forget.class)).hasSize(1);
        client.puback(packetId);
        assertThat(a.backend().bus().received(BusRecord.Answer.class)).isEmpty();
    }

    @Test
    void send_cancelledWhileTheClientIsLookedUp_isNotSent() {
        TestClient client = b.persistent("c");
        a.backend().calls("locate").holdRequests();
        CompletableFuture<SendResult> sent = send(1, AWAITED);

        sent.cancel(false);
        a.backend().calls("locate").release();
        scene.clock().runUntilIdle();

        client.expectNothing();
    }

    @Test
    void send_expiresInTheQueue_failsAsDropped() {
        TestClient client = b.persistent("c").subscribed("busy", 1);
        TestClient publisher = a.client("p");
        int window = Limits.DEFAULTS.receiveMaximum();
        for (int i = 0; i < window; i++) {
            publisher.published("busy", "b", 1);
        }
        CompletableFuture<SendResult> sent = send(1, AWAITED.withTtl(Duration.ofSeconds(1)));
        scene.advance(Duration.ofSeconds(2));
        assertThat(sent).isNotDone();

        client.puback(client.expectPublish("busy", "b", 1).packetId());

        assertFailed(sent, Reason.DROPPED, false, "dropped");
    }

    @Test
    void send_ownerDies_fails() {
        TestClient client = b.persistent("c");
        CompletableFuture<SendResult> sent = send(1, AWAITED);
        client.expectPublish("t", "m", 1);

        b.kill();
        b.backend().bus().reap();
        scene.advance(Duration.ofSeconds(3));

        assertFailed(sent, Reason.CONNECTION_ENDED, true, "ended before the acknowledgement");
    }

    // ---- while the client moves ----

    @Test
    void sendDirect_clientMovedMeanwhile_isLookedUpAgain() {
        b.client("c");
        b.backend().bus().hold(BusRecord.Downlink.class::isInstance);
        CompletableFuture<SendResult> sent = send(1, AWAITED);
        TestClient moved = c.client("c");
        moved.expectNothing();

        b.backend().bus().release();
        int packetId = moved.expectPublish("t", "m", 1).packetId();
        assertThat(sent).isNotDone();
        moved.puback(packetId);

        assertThat(sent).isCompletedWithValue(SendResult.DELIVERED);
    }

    @Test
    void sendDirect_clientLeftMeanwhile_isOffline() {
        TestClient client = b.persistent("c");
        b.backend().bus().hold(BusRecord.Downlink.class::isInstance);
        CompletableFuture<SendResult> sent = send(0, SendOptions.DEFAULTS);
        client.disconnect().expectClosed();

        b.backend().bus().release();
        scene.clock().runUntilIdle();

        assertThat(sent).isCompletedWithValue(SendResult.OFFLINE);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sendDurable_clientMovedMeanwhile_theNewNodeAnswers(boolean acknowledgedBefore) {
        b.persistent("c");
        b.backend().bus().hold(BusRecord.Watch.class::isInstance);
        CompletableFuture<SendResult> sent = send(1, AWAITED);
        TestClient moved = c.resumed("c");
        int packetId = moved.expectPublish("t", "m", 1).packetId();
        if (acknowledgedBefore) {
            moved.puback(packetId);
        }

        b.backend().bus().release();
        scene.clock().runUntilIdle();
        if (!acknowledgedBefore) {
            assertThat(sent).isNotDone();
            moved.puback(packetId);
        }

        assertThat(sent).isCompletedWithValue(SendResult.DELIVERED);
        moved.expectNothing();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sendDurable_connectionIsGoneAndItsDetachLate_staysOrGoes(boolean queue) {
        TestClient client = b.persistent("c");
        b.backend().calls("detach").holdRequests();
        client.disconnect().expectClosed();

        SendOptions options = queue ? SendOptions.DEFAULTS : SendOptions.DEFAULTS.onlineOnly();
        assertThat(send(1, options)).isCompletedWithValue(queue ? SendResult.QUEUED : SendResult.OFFLINE);

        b.backend().calls("detach").pass();
        TestClient next = c.resumed("c");
        if (queue) {
            next.expectPublish("t", "m", 1);
        }
        next.expectNothing();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void send_clientIsJustConnecting_isDeliveredWhenItIsThere(boolean persistent) {
        b.backend().calls("attach").holdAnswers();
        TestClient client =
                TestClient.connect(b.connection(), spec -> spec.clientId("c").cleanSession(!persistent));
        CompletableFuture<SendResult> sent = send(1, AWAITED);
        client.expectNothing();

        b.backend().calls("attach").release();
        scene.clock().runUntilIdle();
        client.expectConnack(0, false);
        client.puback(client.expectPublish("t", "m", 1).packetId());

        assertThat(sent).isCompletedWithValue(SendResult.DELIVERED);
    }

    // ---- the bus ----

    @Test // who queues needs no answer
    void send_answerIsLost_isQueuedAfterFiveSeconds() {
        TestClient client = b.persistent("c");
        a.backend().bus().hold(BusRecord.Answer.class::isInstance);

        CompletableFuture<SendResult> sent = send(1, SendOptions.DEFAULTS);
        client.expectPublish("t", "m", 1);
        scene.advance(Duration.ofSeconds(4));
        assertThat(sent).isNotDone();
        scene.advance(Duration.ofSeconds(1));

        assertThat(sent).isCompletedWithValue(SendResult.QUEUED);
    }

    @Test
    void sendDirect_answerIsLost_failsAfterFiveSeconds() {
        b.persistent("c");
        a.backend().bus().hold(BusRecord.Answer.class::isInstance);

        CompletableFuture<SendResult> sent = send(0, SendOptions.DEFAULTS);
        scene.advance(Duration.ofSeconds(5));

        assertFailed(sent, Reason.NO_ANSWER, false, "client c was not reached in time");
    }

    @Test
    void send_tooManyAreOpen_isRefusedAndCounted() {
        b.client("c");
        b.backend().bus().hold(BusRecord.Downlink.class::isInstance);
        List<CompletionStage<SendResult>> open = new ArrayList<>();
        Message message = Message.of("t", "m", QoS.AT_MOST_ONCE);
        for (int i = 0; i < 10_000; i++) {
            open.add(a.broker().clients().send(CLIENT, message, SendOptions.DEFAULTS));
        }
        scene.clock().runUntilIdle();
        assertThat(a.count(Counter.NODE_CALLS_REFUSED)).isZero();

        assertFailed(send(0, SendOptions.DEFAULTS), Reason.TOO_MANY_CALLS, false, "too many");
        assertThat(a.count(Counter.NODE_CALLS_REFUSED)).isEqualTo(1);
        b.backend().bus().release();
        scene.clock().runUntilIdle();

        assertThat(open).allMatch(each -> each.toCompletableFuture().join() == SendResult.DELIVERED);
        assertThat(send(0, SendOptions.DEFAULTS)).isCompletedWithValue(SendResult.DELIVERED);
    }

    @Test
    void send_lookUpIsLost_failsAfterFiveSeconds() {
        a.backend().calls("locate").holdRequests();

        CompletableFuture<SendResult> sent = send(0, SendOptions.DEFAULTS);
        scene.advance(Duration.ofSeconds(5));

        assertFailed(sent, "presence: no answer in time");
    }

    @Test
    void stop_whileAcknowledgementIsAwaited_failsTheSend() {
        b.persistent("c");
        CompletableFuture<SendResult> sent = send(1, AWAITED);

        CompletionStage<Void> stopped = a.broker().stop();
        scene.advance(Duration.ofSeconds(1));

        assertThat(stopped.toCompletableFuture()).isCompleted();
        assertFailed(sent, Reason.UNAVAILABLE, false, "the broker is closing");
    }

    // ---- disconnect ----

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void disconnect_clientOnAnotherNode_isClosed(boolean persistent) {
        TestClient client = persistent ? b.persistent("c") : b.client("c");

        assertThat(scene.now(a.broker().clients().disconnect(CLIENT))).isTrue();

        client.expectClosed();
        assertThat(scene.now(a.broker().clients().disconnect(CLIENT))).isFalse();
    }

    @Test
    void disconnect_clientThatReconnectedMeanwhile_isLookedUpAgain() {
        b.client("c");
        b.backend().bus().hold(BusRecord.Disconnect.class::isInstance);
        CompletionStage<Boolean> closed = a.broker().clients().disconnect(CLIENT);
        scene.clock().runUntilIdle();
        TestClient again = b.client("c");

        b.backend().bus().release();
        scene.clock().runUntilIdle();

        assertThat(closed.toCompletableFuture()).isCompletedWithValue(true);
        again.expectClosed();
    }

    // ---- helpers ----

    private CompletableFuture<SendResult> send(int qos, SendOptions options) {
        return send(a, Message.of("t", "m", QoS.values()[qos]), options);
    }

    private CompletableFuture<SendResult> send(ClusterNode from, Message message, SendOptions options) {
        CompletableFuture<SendResult> sent =
                from.broker().clients().send(CLIENT, message, options).toCompletableFuture();
        scene.clock().runUntilIdle();
        return sent;
    }

    private static void assertFailed(CompletableFuture<?> future, Reason reason, boolean queued, String message) {
        assertFailed(future, message);
        assertThatThrownBy(future::join).cause().isInstanceOfSatisfying(ClientCallException.class, failure -> {
            assertThat(failure.reason()).isEqualTo(reason);
            assertThat(failure.isQueued()).isEqualTo(queued);
            assertThat(failure.getStackTrace()).isEmpty();
        });
    }

    private static void assertFailed(CompletableFuture<?> future, String message) {
        assertThat(future).isCompletedExceptionally();
        assertThatThrownBy(future::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(MqttPartyException.class)
                .hasMessageContaining(message);
    }
}
