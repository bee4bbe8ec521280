package io.mqttparty.internal.broker;

import io.mqttparty.spi.Counter;
import io.mqttparty.spi.DropReason;
import java.util.concurrent.atomic.AtomicLongArray;

/** The counters of one event loop, which alone adds to them; anybody may read. */
final class Counters {
    private static final int COUNTERS = Counter.values().length;

    private final AtomicLongArray values = new AtomicLongArray(COUNTERS + DropReason.values().length);

    void add(Counter counter) {
        add(counter, 1);
    }

    void add(Counter counter, long n) {
        addAt(counter.ordinal(), n);
    }

    void add(DropReason reason, long n) {
        addAt(COUNTERS + reason.ordinal(), n);
    }

    private void addAt(int index, long n) {
        values.lazySet(index, values.getPlain(index) + n);
    }

    long get(Counter counter) {
        return values.get(counter.ordinal());
    }

    long get(DropReason reason) {
        return values.get(COUNTERS + reason.ordinal());
    }
}
