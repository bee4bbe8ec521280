package io.mqttparty.benchmarks.load;

/**
 * What a broker process has spent since it started. What it does not tell is 0.
 *
 * @param cpuNanos the CPU time of the process
 * @param sent PUBLISH packets that it sent
 * @param reads from sockets
 * @param writes to sockets
 * @param flushes of sockets
 * @param allocatedBytes on the heap
 */
record Counts(long cpuNanos, long sent, long reads, long writes, long flushes, long allocatedBytes) {
    /** The answer of who counts nothing. */
    static final String NOTHING = "0 0 0 0 0";

    /** With what {@link BrokerMain} answers. */
    static Counts of(long cpuNanos, String answer) {
        String[] parts = answer.split(" ", -1);
        return new Counts(
                cpuNanos,
                Long.parseLong(parts[0]),
                Long.parseLong(parts[1]),
                Long.parseLong(parts[2]),
                Long.parseLong(parts[3]),
                Long.parseLong(parts[4]));
    }

    static Counts ofCpu(long cpuNanos) {
        return new Counts(cpuNanos, 0, 0, 0, 0, 0);
    }

    Counts minus(Counts earlier) {
        return new Counts(
                cpuNanos - earlier.cpuNanos,
                sent - earlier.sent,
                reads - earlier.reads,
                writes - earlier.writes,
                flushes - earlier.flushes,
                allocatedBytes - earlier.allocatedBytes);
    }
}
