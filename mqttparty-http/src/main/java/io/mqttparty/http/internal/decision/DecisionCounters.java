package io.mqttparty.http.internal.decision;

import io.mqttparty.http.spi.DecisionCounter;
import java.util.concurrent.atomic.LongAdder;

/** What is counted about decisions. Any thread may use it. */
final class DecisionCounters {
    private final LongAdder[] counts = new LongAdder[DecisionCounter.values().length];

    DecisionCounters() {
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    void add(DecisionCounter counter) {
        counts[counter.ordinal()].increment();
    }

    long get(DecisionCounter counter) {
        return counts[counter.ordinal()].sum();
    }
}
