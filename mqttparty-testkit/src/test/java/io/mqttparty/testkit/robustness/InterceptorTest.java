package io.mqttparty.testkit.robustness;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.Message;
import io.mqttparty.model.Payload;
import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.TopicName;
import io.mqttparty.spi.DropReason;
import io.mqttparty.testkit.ControlledInterceptor;
import io.mqttparty.testkit.ControlledUpstream;
import io.mqttparty.testkit.TestClient;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an interceptor that answers can do to a publish; what becomes of one that does not is in {@link FaultyDecisionTest}. */
final class InterceptorTest {
    private final ControlledInterceptor interceptor = new ControlledInterceptor();
    private final ControlledUpstream upstream = new ControlledUpstream();

    @AutoClose
    private final Scene scene = Scene.start(
            b -> b.allowAnonymous().interceptor(interceptor).upstream(TopicFilter.of("elsewhere/#"), upstream));

    private final TestClient watcher = scene.client("watcher").subscribed("t", 2);
    private final TestClient publisher = scene.client("publisher");

    /** What is published to {@code t} is changed; what others do is not. */
    private void change(UnaryOperator<Optional<Message>> change) {
        interceptor
                .calls()
                .answerEach(request -> isOurs(request)
                        ? change.apply(Optional.of(request.message()))
                        : Optional.of(request.message()));
    }

    private static boolean isOurs(ControlledInterceptor.Request request) {
        return request.message().topic().value().equals("t");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void message_changed_subscribersGetTheOtherOne(int qos) {
        change(message -> message.map(m -> m.withPayload(Payload.utf8("changed"))));

        publisher.published("t", "original", qos);

        watcher.expectPublish("t", "changed", qos);
        watcher.expectNothing();
        assertThat(interceptor.calls().requests().stream().filter(InterceptorTest::isOurs))
                .singleElement()
                .satisfies(request -> {
                    assertThat(request.client().clientId().value()).isEqualTo("publisher");
                    assertThat(request.message()).isEqualTo(Message.of("t", "original", QoS.of(qos)));
                });
        scene.assertOthersGoOn();
    }

    @Test
    void message_redirected_isRoutedByItsNewTopic() {
        change(message -> message.map(m -> m.withTopic(TopicName.of("elsewhere/t"))));
        TestClient elsewhere = scene.client("elsewhere").subscribed("elsewhere/+", 1);

        publisher.publish("t", "m", 1, 7).expectNothing();
        upstream.take();

        publisher.expectPuback(7);
        elsewhere.expectPublish("elsewhere/t", "m", 1);
        watcher.expectNothing();
    }

    @Test
    void retain_setOrTaken_decidesWhatIsKept() {
        change(message -> message.map(m -> m.withRetain(!m.retain())));
        publisher.published("t", "kept", 1);
        scene.client("early").subscribed("t", 1).expectPublish("t", "kept", 1);

        publisher.publish("t", "not kept", 1, true, 9, false).expectPuback(9);

        assertThat(scene.client("late")
                        .subscribed("t", 1)
                        .expectPublish("t", "kept", 1)
                        .retain())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void message_dropped_isAcknowledgedAndCountedAndTheClientGoesOn(int qos) {
        change(message -> message.filter(m -> !m.payload().asUtf8String().equals("bad")));

        publisher.published("t", "bad", qos).published("t", "good", qos);

        watcher.expectPublish("t", "good", qos);
        watcher.expectNothing();
        assertThat(scene.count(DropReason.INTERCEPTED)).isEqualTo(1);
        assertThat(scene.events().lines()).containsOnlyOnce("dropped publisher t INTERCEPTED");
        publisher.pingreq().expectPingresp();
    }

    @Test
    void answers_late_messagesKeepTheirOrder() {
        interceptor.calls().hold();
        publisher.publish("t", "1", 1, 1).publish("t", "2", 1, 2).expectNothing();

        for (int i = 1; i <= 2; i++) {
            watcher.expectNothing();
            var asked = interceptor.calls().oldestPending();
            asked.answer(Optional.of(asked.request().message()));
            publisher.expectPuback(i);
            watcher.expectPublish("t", "" + i, 1);
        }
    }

    @Test
    void willsAndTheApplication_passItBy() {
        change(message -> Optional.empty());
        TestClient leaver = scene.connect(c -> c.clientId("leaver").will("t", "gone", 1, false))
                .expectConnack(0, false);

        scene.lose(leaver);
        watcher.expectPublish("t", "gone", 1);
        scene.broker().publish(Message.of("t", "from inside", QoS.AT_LEAST_ONCE));
        scene.clock().runUntilIdle();
        watcher.expectPublish("t", "from inside", 1);

        assertThat(scene.count(DropReason.INTERCEPTED)).isZero();
    }
}
