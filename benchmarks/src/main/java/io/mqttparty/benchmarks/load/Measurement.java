package io.mqttparty.benchmarks.load;

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
}
