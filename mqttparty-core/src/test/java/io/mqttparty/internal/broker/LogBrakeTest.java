package io.mqttparty.internal.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class LogBrakeTest {
    private static final long SECOND = 1_000_000_000L;

    private final AtomicLong time = new AtomicLong(Long.MAX_VALUE - SECOND); // it wraps within the tests
    private final LogBrake brake = new LogBrake(time::get, 2);

    @Test
    void admit_withinTheRate_all() {
        assertThat(brake.admit()).isZero();
        assertThat(brake.admit()).isZero();
        time.addAndGet(SECOND);
        assertThat(brake.admit()).isZero();
    }

    @Test
    void admit_beyondTheRate_leftOutUntilTheNextSecondThatTellsHowMany() {
        brake.admit();
        brake.admit();
        for (int i = 0; i < 5; i++) {
            assertThat(brake.admit()).isEqualTo(LogBrake.LEFT_OUT);
        }
        time.addAndGet(SECOND - 1);
        assertThat(brake.admit()).isEqualTo(LogBrake.LEFT_OUT);
        time.addAndGet(1);

        assertThat(brake.admit()).isEqualTo(6);
        assertThat(brake.admit()).isZero();
        assertThat(brake.admit()).isEqualTo(LogBrake.LEFT_OUT);
    }
}
