package io.mqttparty.benchmarks.load;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One round of one scenario with one broker.
 *
 * @param delivered messages that arrived
 * @param nanos the round took
 * @param spent by the process of the broker
 * @param p50Micros the median latency
 */
record Measurement(long delivered, long nanos, Counts spent, int p50Micros) {
    /** CPU time of the broker per delivered message. */
    double microsPerMessage() {
        return spent.cpuNanos() / 1e3 / delivered;
    }

    double messagesPerSecond() {
        return delivered * 1e9 / nanos;
    }

    /** The median of a figure over some rounds. */
    static double median(List<Measurement> rounds, ToDoubleFunction<Measurement> figure) {
        double[] sorted = sorted(rounds, figure);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    static double min(List<Measurement> rounds, ToDoubleFunction<Measurement> figure) {
        return sorted(rounds, figure)[0];
    }

    static double max(List<Measurement> rounds, ToDoubleFunction<Measurement> figure) {
        return sorted(rounds, figure)[rounds.size() - 1];
    }

    private static double[] sorted(List<Measurement> rounds, ToDoubleFunction<Measurement> figure) {
        return rounds.stream().mapToDouble(figure).sorted().toArray();
    }
}
