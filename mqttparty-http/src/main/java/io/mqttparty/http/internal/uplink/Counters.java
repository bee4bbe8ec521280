package io.mqttparty.http.internal.uplink;

import io.mqttparty.http.spi.HttpCounter;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

/** Counts what happens, on all threads. */
public final class Counters {
    private final LongAdder[] counts = new LongAdder[HttpCounter.values().length];

    /** All at 0. */
    public Counters() {
        Arrays.setAll(counts, i -> new LongAdder());
    }

    /** It has happened once more. */
    public void increment(HttpCounter counter) {
        counts[counter.ordinal()].increment();
    }

    /** How often it has happened. */
    public long count(HttpCounter counter) {
        return counts[counter.ordinal()].sum();
    }
}
