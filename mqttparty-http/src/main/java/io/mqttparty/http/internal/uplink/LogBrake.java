package io.mqttparty.http.internal.uplink;

import java.util.function.LongSupplier;

/** Lets so many lines a second through and counts the others, so that a backend that is gone costs a screen of log and not a disk. Any thread may ask. */
final class LogBrake {
    /** The answer for a line that is not to be written. */
    static final long LEFT_OUT = -1;

    private static final long SECOND_NANOS = 1_000_000_000L;

    private final LongSupplier nanoTime;
    private final int perSecond;
    private long second;
    private int written;
    private long leftOut;

    LogBrake(LongSupplier nanoTime, int perSecond) {
        this.nanoTime = nanoTime;
        this.perSecond = perSecond;
        this.second = nanoTime.getAsLong();
    }

    /** How many lines were left out before this one, which is to be written; or {@link #LEFT_OUT}. */
    synchronized long admit() {
        long now = nanoTime.getAsLong();
        if (now - second >= SECOND_NANOS) {
            second = now;
            written = 0;
        }
        if (written == perSecond) {
            leftOut++;
            return LEFT_OUT;
        }
        written++;
        long before = leftOut;
        leftOut = 0;
        return before;
    }
}
