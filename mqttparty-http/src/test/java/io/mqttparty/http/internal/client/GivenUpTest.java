package io.mqttparty.http.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.testkit.FakeClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class GivenUpTest {
    private final FakeClock clock = FakeClock.create();
    private final GivenUp givenUp = new GivenUp(new ClockTimers(clock));

    @Test
    void sender_isRememberedForAWhileAndByItsIdentity() {
        List<String> sender = List.of("a", "b");
        givenUp.add(sender);
        givenUp.add(sender);

        assertThat(givenUp.contains(sender)).isTrue();
        assertThat(givenUp.contains(List.of("a", "b"))).isFalse();

        clock.advance(Duration.ofSeconds(10));
        assertThat(givenUp.contains(sender)).isFalse();
        assertThat(givenUp.size()).isZero();
    }

    @Test
    void nobody_isNotRemembered() {
        givenUp.add(GivenUp.NOBODY);

        assertThat(givenUp.contains(GivenUp.NOBODY)).isFalse();
    }
}
