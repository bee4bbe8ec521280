package io.mqttparty.http.internal.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.http.internal.client.ClockTimers;
import io.mqttparty.model.ClientId;
import io.mqttparty.testkit.FakeClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How long a backend is left alone. */
final class NotBeforeTest {
    private static final ClientId A = ClientId.of("a");
    private static final ClientId B = ClientId.of("b");

    private final FakeClock clock = FakeClock.create();
    private final NotBefore notBefore = new NotBefore(new ClockTimers(clock));

    private static long seconds(long seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }

    private void elapse(long seconds) {
        clock.elapse(Duration.ofSeconds(seconds));
    }

    @Test
    void ask_ofTooManyRequests_holdsTheClientOnly() {
        notBefore.ask(A, 429, seconds(5));

        assertThat(notBefore.nanosLeft(A)).isEqualTo(seconds(5));
        assertThat(notBefore.nanosLeft(B)).isZero();
        elapse(5);
        assertThat(notBefore.nanosLeft(A)).isZero();
        assertThat(notBefore.clients()).isZero();
    }

    @Test
    void ask_ofUnavailable_holdsAll() {
        notBefore.ask(A, 503, seconds(5));

        assertThat(notBefore.nanosLeft(B)).isEqualTo(seconds(5));
        elapse(6);
        assertThat(notBefore.nanosLeft(B)).isZero();
        assertThat(notBefore.nanosLeft(A)).isZero();
    }

    @Test
    void ask_twice_theLaterOneHolds() {
        notBefore.ask(A, 429, seconds(5));
        notBefore.ask(A, 429, seconds(2));
        notBefore.ask(A, 503, seconds(1));
        notBefore.ask(B, 503, seconds(3));
        notBefore.ask(B, 503, seconds(2));

        assertThat(notBefore.nanosLeft(A)).isEqualTo(seconds(5));
        assertThat(notBefore.nanosLeft(B)).isEqualTo(seconds(3));
    }

    @Test
    void manyClients_theFirstIsForgottenForOneTooMany() {
        for (int i = 0; i < NotBefore.MOST_CLIENTS; i++) {
            assertThat(notBefore.ask(ClientId.of("c" + i), 429, seconds(5))).isTrue();
        }
        assertThat(notBefore.ask(ClientId.of("c0"), 500, seconds(5)))
                .as("one that is known")
                .isTrue();
        assertThat(notBefore.ask(A, 429, seconds(5))).isFalse();

        assertThat(notBefore.clients()).isEqualTo(NotBefore.MOST_CLIENTS);
        assertThat(notBefore.nanosLeft(ClientId.of("c1"))).isZero();
        assertThat(notBefore.nanosLeft(ClientId.of("c0"))).isEqualTo(seconds(5));
        elapse(5);
        assertThat(notBefore.ask(B, 429, seconds(5))).isTrue();
        assertThat(notBefore.clients()).isEqualTo(1);
    }
}
