package io.mqttparty.netty.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.netty.LogCapture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** One line in ten seconds. */
class ThrottledLogTest {
    @Test
    void warn_often_oneLinePerIntervalWithTheCount() {
        AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
        ThrottledLog throttled = new ThrottledLog(ConnectionLog.LOG, now::get);
        try (LogCapture log = new LogCapture()) {
            for (int i = 0; i < 10; i++) {
                throttled.warn(() -> "full");
            }
            now.addAndGet(TimeUnit.SECONDS.toNanos(10));
            throttled.warn(() -> "full");
            now.addAndGet(TimeUnit.SECONDS.toNanos(10));
            throttled.warn(() -> "full");
            assertThat(log.warnings()).containsExactly("full", "full (9 more since the last such line)", "full");
        }
    }

    @Test
    void warn_loggerFails_triesAgainAtTheNextCall() {
        ThrottledLog throttled = new ThrottledLog(ConnectionLog.LOG, () -> 0);
        try (LogCapture log = new LogCapture()) {
            throttled.warn(() -> {
                throw new NoClassDefFoundError("java.time.zone.ZoneRulesProvider");
            });
            throttled.warn(() -> "full");
            assertThat(log.warnings()).containsExactly("full (1 more since the last such line)");
        }
    }
}
