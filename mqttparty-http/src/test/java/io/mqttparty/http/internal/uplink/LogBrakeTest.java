package io.mqttparty.http.internal.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LogBrakeTest {
    private long now = 5;

    @Test
    void admit_beyondTheRate_leavesOutAndCounts() {
        LogBrake brake = new LogBrake(() -> now, 2);
        assertThat(brake.admit()).isZero();
        assertThat(brake.admit()).isZero();
        assertThat(brake.admit()).isEqualTo(LogBrake.LEFT_OUT);
        assertThat(brake.admit()).isEqualTo(LogBrake.LEFT_OUT);

        now += 1_000_000_000L;
        assertThat(brake.admit()).isEqualTo(2);
        assertThat(brake.admit()).isZero();
    }

    @Test
    void clean_replacesWhatForgesLines() {
        assertThat(Observer.clean("a\r\nb\u001b[31m\u202e")).isEqualTo("a\\u000d\\u000ab\\u001b[31m\\u202e");
        assertThat(Observer.clean("x".repeat(1_000))).hasSize(256);
    }
}
