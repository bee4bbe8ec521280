package io.mqttparty.testkit.robustness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttparty.DeliveryResult;
import io.mqttparty.MqttParty;
import io.mqttparty.MqttPartyBuilder;
import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.spi.Authenticator;
import io.mqttparty.testkit.FakeClock;
import io.mqttparty.testkit.LoopbackTransport;
import io.mqttparty.testkit.TestBroker;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a broker is not made without, and what one that does not serve answers. */
final class BuilderTest {
    private static final Authenticator EVERYBODY =
            request -> CompletableFuture.completedFuture(Authenticator.Result.accepted());
    private static final Message MESSAGE = Message.of("t", "m", QoS.AT_LEAST_ONCE);

    private final FakeClock clock = FakeClock.create();

    private MqttPartyBuilder builder() {
        return MqttParty.builder().clock(clock).listener(LoopbackTransport.create(clock, 1));
    }

    @Test
    void build_nobodySaysWhoMayConnect_refused() {
        assertThatThrownBy(() -> builder().build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("authenticator: none (expected: one, or allowAnonymous())");
    }

    @Test
    void build_anonymousAndAuthenticator_refused() {
        assertThatThrownBy(() ->
                        builder().allowAnonymous().authenticator(EVERYBODY).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("allowAnonymous: called (expected: not with an authenticator)");
    }

    @Test
    void build_noListener_refused() {
        assertThatThrownBy(() -> MqttParty.builder().allowAnonymous().build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("listener: none (expected: at least one)");
    }

    @Test
    void value_setTwice_refused() {
        assertThatThrownBy(() -> builder().authenticator(EVERYBODY).authenticator(EVERYBODY))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("authenticator: ")
                .hasMessageContaining("(expected: set once, it is ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a.b", "a b", "ä"})
    void nodeName_wrong_refused(String name) {
        assertThatThrownBy(() -> builder().nodeName(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("nodeName: " + name + " (expected: 1 to 64 of A-Z a-z 0-9 - _)");
    }

    @Test
    void upstream_sharedFilter_refused() {
        assertThatThrownBy(() -> builder()
                        .upstream(TopicFilter.of("$share/g/t"), request -> CompletableFuture.completedFuture(null)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("upstream: $share/g/t (expected: a filter that is not shared)");
    }

    @Test
    void publish_brokerDoesNotServe_refused() {
        MqttParty broker = builder().allowAnonymous().build();
        assertThat(outcome(broker)).isEqualTo(DeliveryResult.Outcome.REFUSED);

        TestBroker served = TestBroker.start();
        assertThat(outcome(served.broker())).isEqualTo(DeliveryResult.Outcome.NO_SUBSCRIBER);
        served.close();
        assertThat(outcome(served.broker())).isEqualTo(DeliveryResult.Outcome.REFUSED);
    }

    private static DeliveryResult.Outcome outcome(MqttParty broker) {
        return broker.publish(MESSAGE).toCompletableFuture().join().outcome();
    }

    @Test
    void start_again_refused() {
        try (TestBroker served = TestBroker.start()) {
            assertThatThrownBy(() -> served.broker().start())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("broker: started or closed before (expected: start once)");
        }
        MqttParty never = builder().allowAnonymous().build();
        never.close();
        assertThatThrownBy(never::start).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(never::clients)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("broker: not started");
    }
}
