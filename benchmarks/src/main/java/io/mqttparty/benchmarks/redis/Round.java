package io.mqttparty.benchmarks.redis;

/**
 * One round of the load, with the calibration beside it.
 *
 * @param alone the three commands by themselves
 * @param delivered messages with the windows full
 * @param nanos that took
 * @param redis spent in it
 * @param brokerCpuNanos spent in it
 * @param atHalf the same load at half of its rate
 */
record Round(Calibration.Costs alone, long delivered, long nanos, RedisUse redis, long brokerCpuNanos, AtHalf atHalf) {
    /**
     * Latencies at an even rate, in microseconds.
     *
     * @param messagesPerSecond the rate
     * @param pubackP50 until PUBACK, median
     * @param pubackP99 until PUBACK
     * @param deliveryP50 until the subscriber has it, median
     */
    record AtHalf(int messagesPerSecond, int pubackP50, int pubackP99, int deliveryP50) {}

    double redisMicros() {
        return redis.cpuMicros() / delivered;
    }

    /** Redis CPU per message by that of the three commands. */
    double costRatio() {
        return redisMicros() / alone.sum();
    }

    double commandsPerMessage() {
        return (double) redis.calls() / delivered;
    }

    double messagesPerSecond() {
        return delivered * 1e9 / nanos;
    }

    /** Messages per second by what Redis could do. */
    double rateRatio() {
        return messagesPerSecond() / alone.ceiling();
    }

    /** The part of the time that Redis was running. */
    double redisBusy() {
        return redis.cpuMicros() * 1e3 / nanos;
    }

    double brokerMicros() {
        return brokerCpuNanos / 1e3 / delivered;
    }

    double bytesIn() {
        return (double) redis.bytesIn() / delivered;
    }

    double bytesOut() {
        return (double) redis.bytesOut() / delivered;
    }
}
