package io.mqttparty.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttparty.Clients.SendResult;
import io.mqttparty.DeliveryResult;
import io.mqttparty.DeliveryResult.Outcome;
import io.mqttparty.MqttParty;
import io.mqttparty.model.Message;
import io.mqttparty.testkit.ServerPacket;
import io.mqttparty.testkit.TestClient;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InProcessExampleIT {
    private final Running running = Running.of(MqttParty.builder().allowAnonymous());
    private final InProcessExample service = new InProcessExample(running.broker());

    @AfterEach
    void close() {
        running.close();
    }

    @Test
    void reading_published_heardUntilTheRegistrationEnds() throws Exception {
        BlockingQueue<Message> heard = new LinkedBlockingQueue<>();
        MqttParty.Registration registration = result(service.onReading(heard::add));
        try (TestClient device = running.client("d")) {
            device.published("readings/d", "21", 1);
            Message message = heard.poll(10, TimeUnit.SECONDS);
            assertThat(message).isNotNull();
            assertThat(message.topic().value()).isEqualTo("readings/d");
            assertThat(message.payload().asUtf8String()).isEqualTo("21");

            registration.close();
            await().until(() -> result(running.broker().publish(message)).outcome() == Outcome.NO_SUBSCRIBER);
            heard.clear(); // what was published until the end was known everywhere
            device.published("readings/d", "22", 1);
            assertThat(result(running.broker().publish(message)).outcome()).isEqualTo(Outcome.NO_SUBSCRIBER);
            assertThat(heard).isEmpty();
        }
    }

    @Test
    void announce_subscriberOnline_awayAndNone_resultSaysWhich() {
        assertThat(result(service.announce("1"))).isEqualTo(new DeliveryResult(Outcome.NO_SUBSCRIBER, 0, 0));
        TestClient sleeper = persistent("sleeper").expectConnack(0, false).subscribed("news", 1);
        sleeper.disconnect().expectClosed();
        assertThat(result(service.announce("2"))).isEqualTo(new DeliveryResult(Outcome.QUEUED, 0, 1));
        try (TestClient reader = running.client("reader").subscribed("news", 1)) {
            assertThat(result(service.announce("3"))).isEqualTo(new DeliveryResult(Outcome.DELIVERED, 1, 1));
            reader.expectPublish("news", "3", 1);
        }
    }

    @Test
    void configure_deviceAway_queuedAndSentWhenItComes() {
        assertThat(result(service.configure("d", "dim"))).isEqualTo(SendResult.UNKNOWN_CLIENT);
        persistent("d").expectConnack(0, false).disconnect().expectClosed();
        assertThat(result(service.configure("d", "dim"))).isEqualTo(SendResult.QUEUED);
        try (TestClient device = persistent("d").expectConnack(0, true)) {
            device.expectPublish("config", "dim", 1);
        }
    }

    @Test
    void command_deviceAcknowledges_delivered() {
        try (TestClient device = running.client("d")) {
            CompletionStage<SendResult> sent = service.command("d", "restart");
            int packetId = device.expectPublish("command", "restart", 1).packetId();
            assertThat(sent.toCompletableFuture()).isNotDone();
            device.puback(packetId);
            assertThat(result(sent)).isEqualTo(SendResult.DELIVERED);
        }
        persistent("away").expectConnack(0, false).disconnect().expectClosed();
        assertThat(result(service.command("away", "restart"))).isEqualTo(SendResult.OFFLINE);
    }

    @Test
    void ask_deviceReplies_answer() {
        try (TestClient device = running.client("d")) {
            CompletionStage<String> answer = service.ask("d", "how warm?");
            ServerPacket.Publish question = device.expect(ServerPacket.Publish.class);
            assertThat(question.text()).isEqualTo("how warm?");
            device.puback(question.packetId()).publish(question.topic().replace("ask/", "reply/"), "21");
            assertThat(result(answer)).isEqualTo("21");
        }
    }

    @Test
    void ask_deviceAway_fails() {
        assertThat(service.ask("nobody", "?").toCompletableFuture())
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withMessageContaining("client nobody is not known");
    }

    private TestClient persistent(String clientId) {
        return TestClient.connect(running.pipe(), c -> c.clientId(clientId).cleanSession(false));
    }

    private static <T> T result(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
    }
}
