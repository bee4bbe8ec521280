package io.mqttparty.benchmarks.load;

import java.util.Collection;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * The same figure of several rounds.
 *
 * @param median of them
 * @param min the lowest
 * @param max the highest
 */
public record Figures(double median, double min, double max) {
    /** The median, the lowest and the highest. */
    public static <T> Figures of(Collection<T> rounds, ToDoubleFunction<T> figure) {
        double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Figures(median, sorted[0], sorted[sorted.length - 1]);
    }

    /** With so many digits behind the point. */
    public String text(int digits) {
        String number = "%,." + digits + "f";
        return String.format(Locale.ROOT, number + " (" + number + "-" + number + ")", median, min, max);
    }
}
