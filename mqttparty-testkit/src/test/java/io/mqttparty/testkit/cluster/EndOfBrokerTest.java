package io.mqttparty.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttparty.Clients.SendOptions;
import io.mqttparty.DeliveryResult;
import io.mqttparty.MemoryBackend;
import io.mqttparty.MqttParty;
import io.mqttparty.model.ClientCallException;
import io.mqttparty.model.ClientCallException.Reason;
import io.mqttparty.model.ClientId;
import io.mqttparty.model.Limits;
import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.model.Subscription;
import io.mqttparty.testkit.FakeClock;
import io.mqttparty.testkit.LoopbackTransport;
import io.mqttparty.testkit.TestClient;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the application waits for ends with the broker, even if the backend never answers. */
class EndOfBrokerTest {
    private static final ClientId CLIENT = ClientId.of("c");
    private static final Message MESSAGE = Message.of("t", "m", QoS.AT_LEAST_ONCE);
    private static final Subscription SUBSCRIPTION = Subscription.of("t", QoS.AT_MOST_ONCE);

    private final FakeClock clock = FakeClock.create();
    private final LoopbackTransport transport = LoopbackTransport.create(clock);
    private final ControlledBackend backend =
            new ControlledBackend(MemoryBackend.create(Limits.DEFAULTS, clock), clock);
    private final MqttParty broker = MqttParty.builder()
            .listener(transport)
            .backend(backend)
            .allowAnonymous()
            .clock(clock)
            .build();

    @BeforeEach
    void start() {
        assertThat(broker.start().toCompletableFuture()).isCompleted();
    }

    @AfterEach
    void close() {
        clock.assertNoViolations();
    }

    static Stream<Arguments> calls() {
        return Stream.of(
                call("enqueue", b -> b.publish(MESSAGE)),
                call("put", b -> b.publish(MESSAGE.withRetain(true))),
                call("addTransient", b -> b.subscribe(SUBSCRIPTION, m -> {})),
                call("locate", b -> b.clients().find(CLIENT)),
                call("list", b -> b.clients().list("", 10)),
                call("locate", b -> b.clients().disconnect(CLIENT)),
                call("locate", b -> b.clients().send(CLIENT, MESSAGE, SendOptions.DEFAULTS)),
                call("enqueue", b -> b.clients().send(CLIENT, MESSAGE, SendOptions.DEFAULTS)));
    }

    private static Arguments call(String held, Function<MqttParty, CompletionStage<?>> call) {
        return Arguments.of(held, call);
    }

    @ParameterizedTest
    @MethodSource("calls")
    void stop_backendDoesNotAnswer_callFails(String held, Function<MqttParty, CompletionStage<?>> call) {
        CompletableFuture<?> open = held(held, call);
        stop();

        assertUnavailable(open);
    }

    @ParameterizedTest
    @MethodSource("calls")
    void stop_loopsWereClosedBefore_callFails(String held, Function<MqttParty, CompletionStage<?>> call) {
        CompletableFuture<?> open = held(held, call);
        transport.crash();

        stop();

        assertUnavailable(open);
    }

    @Test
    void stop_membershipIsNotEnded_endsAllTheSame() {
        CompletableFuture<?> open = held("locate", b -> b.clients().find(CLIENT));
        CallControl leave = backend.calls("leave").holdRequests();
        CompletionStage<Void> stopped = broker.stop();
        clock.advance(Duration.ofMillis(3_900));
        assertThat(stopped.toCompletableFuture()).isNotDone();

        clock.advance(Duration.ofMillis(200));

        assertThat(stopped.toCompletableFuture()).isCompleted();
        assertUnavailable(open);
        leave.pass();
    }

    @Test
    void stopped_calls_failAtOnce() {
        stop();

        assertUnavailable(broker.clients().find(CLIENT));
        assertUnavailable(broker.clients().list("", 10));
        assertUnavailable(broker.clients().disconnect(CLIENT));
        assertUnavailable(broker.clients().send(CLIENT, MESSAGE, SendOptions.DEFAULTS));
        assertUnavailable(broker.subscribe(SUBSCRIPTION, m -> {}));
        assertThat(broker.publish(MESSAGE))
                .isCompletedWithValueMatching(result -> result.outcome() == DeliveryResult.Outcome.REFUSED);
    }

    @Test
    void stop_callThatIsAnsweredMeanwhile_isAnswered() {
        TestClient.connected(transport.connect(), "s").subscribed("t", 1);

        CompletionStage<DeliveryResult> published = broker.publish(MESSAGE);
        stop();

        assertThat(published.toCompletableFuture()).isCompletedWithValueMatching(result -> result.delivered() == 1);
    }

    private CompletableFuture<?> held(String method, Function<MqttParty, CompletionStage<?>> call) {
        TestClient.connect(transport.connect(), c -> c.clientId("c").cleanSession(false))
                .expectConnack(0, false)
                .subscribed("t", 1)
                .disconnect()
                .expectClosed();
        backend.calls(method).holdRequests();
        CompletableFuture<?> open = call.apply(broker).toCompletableFuture();
        assertThat(open).isNotDone();
        return open;
    }

    private void stop() {
        CompletionStage<Void> stopped = broker.stop();
        clock.advance(Duration.ofSeconds(1));
        assertThat(stopped.toCompletableFuture()).isCompleted();
    }

    private static void assertUnavailable(CompletionStage<?> call) {
        assertThat(call.toCompletableFuture()).isDone();
        assertThatThrownBy(() -> call.toCompletableFuture().join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(ClientCallException.class)
                .satisfies(failure -> {
                    ClientCallException cause = (ClientCallException) failure.getCause();
                    assertThat(cause.reason()).isEqualTo(Reason.UNAVAILABLE);
                    assertThat(cause).hasMessage("the broker is closed");
                });
    }
}
