package io.mqttparty.benchmarks.load;

import java.util.Arrays;

/** How long messages take from being sent to being received, in steps of a microsecond up to 100 ms. */
public final class Latencies {
    private final int[] counts = new int[100_000];
    private boolean on;

    /** Begins anew. */
    void start() {
        Arrays.fill(counts, 0);
        on = true;
    }

    void add(long sentNanos) {
        if (on) {
            long micros = (System.nanoTime() - sentNanos) / 1000;
            counts[(int) Math.min(counts.length - 1, micros)]++;
        }
    }

    /** The latency in microseconds that this part of the messages does not exceed. */
    public int percentile(double part) {
        long all = 0;
        for (int count : counts) {
            all += count;
        }
        long left = (long) (all * part);
        for (int micros = 0; micros < counts.length; micros++) {
            left -= counts[micros];
            if (left < 0) {
                return micros;
            }
        }
        return counts.length;
    }
}
