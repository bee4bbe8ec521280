package io.mqttparty.examples.karma;

import java.util.Arrays;
import java.util.Locale;

/** Times of the last while, of which percentiles are asked. Any thread may call it. */
final class Percentiles {
    private static final int MOST = 100_000;

    private int[] micros = new int[1_024];
    private int count;

    /** Adds a time; beyond {@value #MOST} between two looks it is left out. */
    synchronized void add(long nanos) {
        if (count == micros.length) {
            if (count >= MOST) {
                return;
            }
            micros = Arrays.copyOf(micros, Math.min(MOST, 2 * count));
        }
        micros[count++] = (int) Math.min(Integer.MAX_VALUE, nanos / 1_000);
    }

    /** The 50th, 95th and 99th percentile in milliseconds since the last call, as text; a dash if there was none. */
    synchronized String take() {
        if (count == 0) {
            return "-";
        }
        Arrays.sort(micros, 0, count);
        String text = String.format(Locale.ROOT, "%.1f/%.1f/%.1f ms", at(0.50), at(0.95), at(0.99));
        count = 0;
        return text;
    }

    private double at(double part) {
        return micros[(int) (part * (count - 1))] / 1e3;
    }
}
