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

    void add(DecisionCounter counter, int times) {
        counts[counter.ordinal()].add(times);
    }

    /** Questions are not counted one by one: each of them is one of three things. */
    long get(DecisionCounter counter) {
        return counter == DecisionCounter.QUESTIONS
                ? get(DecisionCounter.CACHED) + get(DecisionCounter.JOINED) + get(DecisionCounter.REQUESTS)
                : counts[counter.ordinal()].sum();
    }
}
