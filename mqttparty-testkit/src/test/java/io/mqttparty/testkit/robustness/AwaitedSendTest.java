package io.mqttparty.testkit.robustness;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.Clients.SendOptions;
import io.mqttparty.Clients.SendResult;
import io.mqttparty.model.ClientId;
import io.mqttparty.model.ClientInfo;
import io.mqttparty.model.Limits;
import io.mqttparty.model.Message;
import io.mqttparty.model.MqttPartyException;
import io.mqttparty.model.QoS;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicName;
import io.mqttparty.spi.Authorizer;
import io.mqttparty.spi.DropReason;
import io.mqttparty.testkit.ServerPacket;
import io.mqttparty.testkit.TestClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who waits for the acknowledgement of a message to one client hears of its end, whatever that is. The window is one message. */
class AwaitedSendTest {
    private static final int QUEUE = 10;

    private boolean mayReceive = true;

    @AutoClose
    private final Scene scene = Scene.start(b -> b.allowAnonymous()
            .authorizer(authorizer())
            .limits(Limits.DEFAULTS.withReceiveMaximum(1).withQueueMessages(QUEUE)));

    private Authorizer authorizer() {
        return new Authorizer() {
            @Override
            public CompletionStage<Boolean> mayPublish(ClientInfo client, TopicName topic) {
                return CompletableFuture.completedFuture(true);
            }

            @Override
            public CompletionStage<Boolean> maySubscribe(ClientInfo client, Subscription subscription) {
                return CompletableFuture.completedFuture(true);
            }

            @Override
            public CompletionStage<Boolean> mayReceive(ClientInfo client, TopicName topic) {
                return CompletableFuture.completedFuture(mayReceive);
            }
        };
    }

    private TestClient client(boolean persistent) {
        return persistent ? scene.persistent("c") : scene.client("c");
    }

    private CompletableFuture<SendResult> send(String payload, int qos, SendOptions options) {
        CompletableFuture<SendResult> sent = scene.broker()
                .clients()
                .send(ClientId.of("c"), Message.of("t", payload, QoS.of(qos)), options)
                .toCompletableFuture();
        scene.clock().runUntilIdle();
        return sent;
    }

    private CompletableFuture<SendResult> sendAwaited(String payload, Duration ttl) {
        return send(payload, 1, SendOptions.DEFAULTS.awaitingAcknowledgement().withTtl(ttl));
    }

    private static void takeOne(TestClient client) {
        client.puback(client.expect(ServerPacket.Publish.class).packetId());
    }

    private static void assertDropped(CompletableFuture<SendResult> sent) {
        assertThat(sent)
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(MqttPartyException.class)
                .withMessageContaining("dropped");
    }

    @ParameterizedTest
    @CsvSource({"false, 1", "false, 2", "true, 1", "true, 2"})
    void message_acknowledged_delivered(boolean persistent, int qos) {
        TestClient client = client(persistent);
        CompletableFuture<SendResult> sent = send("x", qos, SendOptions.DEFAULTS.awaitingAcknowledgement());
        int packetId = client.expectPublish("t", "x", qos).packetId();
        assertThat(sent).isNotDone();
        if (qos == 1) {
            client.puback(packetId);
        } else {
            client.pubrec(packetId).expectPubrel(packetId);
            assertThat(sent).isNotDone();
            client.pubcomp(packetId);
        }
        assertThat(sent).isCompletedWithValue(SendResult.DELIVERED);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void message_expiresWhileItWaits_fails(boolean persistent) {
        TestClient client = client(persistent);
        send("first", 1, SendOptions.DEFAULTS);
        CompletableFuture<SendResult> late = sendAwaited("late", Duration.ofSeconds(5));
        CompletableFuture<SendResult> last = sendAwaited("last", Duration.ZERO);
        scene.advanceSeconds(6);
        assertThat(late).isNotDone();
        takeOne(client);

        assertDropped(late);
        assertThat(scene.count(DropReason.EXPIRED)).isEqualTo(1);
        client.puback(client.expectPublish("t", "last", 1).packetId());
        assertThat(last).isCompletedWithValue(SendResult.DELIVERED);
    }

    @Test
    void message_rightIsGoneWhenItsTurnComes_fails() {
        TestClient client = client(true);
        send("first", 1, SendOptions.DEFAULTS);
        CompletableFuture<SendResult> sent = sendAwaited("secret", Duration.ZERO);
        mayReceive = false;
        takeOne(client);

        assertDropped(sent);
        assertThat(scene.count(DropReason.NOT_AUTHORIZED_TO_RECEIVE)).isEqualTo(1);
        client.expectNothing();
    }

    @Test
    void message_pushedOutOfAFullQueue_fails() {
        TestClient client = client(true);
        send("first", 1, SendOptions.DEFAULTS);
        CompletableFuture<SendResult> sent = sendAwaited("second", Duration.ZERO);
        for (int i = 0; i < QUEUE; i++) {
            send("" + i, 1, SendOptions.DEFAULTS);
        }
        takeOne(client);

        assertDropped(sent);
        assertThat(scene.count(DropReason.QUEUE_FULL)).isEqualTo(1);
        client.expectPublish("t", "0", 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void connection_endsBeforeTheAcknowledgement_fails(boolean persistent) {
        TestClient client = client(persistent);
        CompletableFuture<SendResult> inFlight = sendAwaited("x", Duration.ZERO);
        CompletableFuture<SendResult> waiting = sendAwaited("y", Duration.ZERO);
        client.expectPublish("t", "x", 1);
        client.close();

        for (CompletableFuture<SendResult> sent : List.of(inFlight, waiting)) {
            assertThat(sent)
                    .failsWithin(Duration.ZERO)
                    .withThrowableThat()
                    .withCauseInstanceOf(MqttPartyException.class)
                    .withMessageContaining("ended before the acknowledgement");
        }
    }
}
