package io.mqttparty.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.ClientInfo;
import io.mqttparty.model.Message;
import io.mqttparty.model.ProtocolVersion;
import io.mqttparty.model.QoS;
import io.mqttparty.model.ReasonCode;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.TopicName;
import io.mqttparty.spi.Authenticator;
import io.mqttparty.spi.DropReason;
import io.mqttparty.spi.MessageId;
import io.mqttparty.spi.Upstream;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class FakesTest {
    private static final InetSocketAddress ADDRESS = new InetSocketAddress("127.0.0.1", 1);
    private static final ClientInfo CLIENT = new ClientInfo(
            ClientId.of("a"), Optional.empty(), ProtocolVersion.MQTT_3_1_1, true, 0, ADDRESS, "loopback", Map.of());
    private static final TopicName TOPIC = TopicName.of("t");
    private static final Message MESSAGE = Message.of("t", "x", QoS.AT_LEAST_ONCE);
    private static final Authenticator.Request CONNECT = new Authenticator.Request(CLIENT, Optional.empty(), List.of());

    @Test
    void listener_recordsEverythingInOrder() {
        RecordingListener listener = new RecordingListener();
        listener.onConnected(CLIENT, false);
        listener.onConnected(CLIENT, true);
        listener.onSubscribed(CLIENT, Subscription.of("t/#", QoS.AT_LEAST_ONCE));
        listener.onUnsubscribed(CLIENT, TopicFilter.of("t/#"));
        listener.onDropped(ClientId.of("a"), TOPIC, DropReason.QUEUE_FULL);
        listener.onDisconnected(CLIENT, ReasonCode.SUCCESS);
        listener.onRejected(ADDRESS, ReasonCode.NOT_AUTHORIZED);

        assertThat(listener.lines())
                .containsExactly(
                        "connected a",
                        "connected a (session present)",
                        "subscribed a t/# 1",
                        "unsubscribed a t/#",
                        "dropped a t QUEUE_FULL",
                        "disconnected a SUCCESS",
                        "rejected NOT_AUTHORIZED");
        assertThat(listener.events(BrokerEvent.Connected.class))
                .extracting(BrokerEvent.Connected::sessionPresent)
                .containsExactly(false, true);

        listener.clear();
        assertThat(listener.events()).isEmpty();
    }

    @Test
    void authenticator_held_answersWhenTheTestSaysSo() {
        ControlledAuthenticator authenticator = new ControlledAuthenticator();
        CompletableFuture<Authenticator.Result> first =
                authenticator.authenticate(CONNECT).toCompletableFuture();
        CompletableFuture<Authenticator.Result> second =
                authenticator.authenticate(CONNECT).toCompletableFuture();
        assertThat(authenticator.calls().pending()).hasSize(2);
        assertThat(first).isNotDone();

        authenticator.accept();
        authenticator.refuse(ReasonCode.NOT_AUTHORIZED);

        assertThat(first).isCompletedWithValue(Authenticator.Result.accepted());
        assertThat(second.join().reasonCode()).isEqualTo(ReasonCode.NOT_AUTHORIZED);
        assertThat(authenticator.calls().pending()).isEmpty();
        assertThat(authenticator.calls().all()).hasSize(2);
    }

    @Test
    void calls_answeredTwiceOrNotThere_refused() {
        ControlledAuthenticator authenticator = new ControlledAuthenticator();
        assertThatThrownBy(authenticator::accept)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("no call is pending");

        authenticator.authenticate(CONNECT);
        ControlledCalls.Call<Authenticator.Request, Authenticator.Result> call =
                authenticator.calls().oldestPending();
        call.fail(new IllegalStateException("boom"));

        assertThatThrownBy(() -> call.answer(Authenticator.Result.accepted()))
                .isInstanceOf(IllegalStateException.class);
        assertThat(call.request()).isEqualTo(CONNECT);
    }

    @Test
    void authorizer_answersByQuestion() {
        ControlledAuthorizer authorizer = new ControlledAuthorizer();
        authorizer.calls().answerEach(question -> question instanceof ControlledAuthorizer.Question.MayPublish);

        assertThat(authorizer.mayPublish(CLIENT, TOPIC)).isCompletedWithValue(true);
        assertThat(authorizer.maySubscribe(CLIENT, Subscription.of("t", QoS.AT_MOST_ONCE)))
                .isCompletedWithValue(false);
        assertThat(authorizer.mayReceive(CLIENT, TOPIC)).isCompletedWithValue(false);
        assertThat(authorizer.calls().requests())
                .first()
                .isEqualTo(new ControlledAuthorizer.Question.MayPublish(CLIENT, TOPIC));

        authorizer.calls().hold();
        assertThat(authorizer.mayPublish(CLIENT, TOPIC).toCompletableFuture()).isNotDone();
    }

    @Test
    void upstream_takesFailsAndThrows() {
        ControlledUpstream upstream = new ControlledUpstream();
        Upstream.Request request = new Upstream.Request(CLIENT, MESSAGE, new MessageId(0, 1));

        CompletableFuture<Void> held = upstream.onPublish(request).toCompletableFuture();
        assertThat(held).isNotDone();
        upstream.take();
        assertThat(held).isCompleted();

        upstream.calls().failEach(new IllegalStateException("down"));
        assertThat(upstream.onPublish(request)).isCompletedExceptionally();

        upstream.calls().throwEach(new IllegalArgumentException("bug"));
        assertThatThrownBy(() -> upstream.onPublish(request)).hasMessage("bug");
        assertThat(upstream.calls().pending()).isEmpty();
    }

    @Test
    void interceptor_answers() {
        ControlledInterceptor interceptor = new ControlledInterceptor();
        CompletableFuture<Optional<Message>> stage =
                interceptor.onPublish(CLIENT, MESSAGE).toCompletableFuture();

        interceptor.calls().answer(Optional.empty());

        assertThat(stage).isCompletedWithValue(Optional.empty());
        assertThat(interceptor.calls().requests()).containsExactly(new ControlledInterceptor.Request(CLIENT, MESSAGE));
    }
}
