package io.mqttparty.interop;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ThrowingRunnable;

/** How long a step may take. It is long because only a failure ever waits for it. */
final class Deadline {
    static final Duration STEP = Duration.ofSeconds(30);

    private Deadline() {}

    static void await(String what, ThrowingRunnable assertion) {
        waiting(what).untilAsserted(assertion);
    }

    static ConditionFactory waiting(String what) {
        return Awaitility.await(what).atMost(STEP).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5));
    }
}
