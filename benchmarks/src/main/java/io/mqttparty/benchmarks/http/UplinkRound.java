package io.mqttparty.benchmarks.http;

/**
 * One round: the raw loads, then the devices.
 *
 * @param raw requests of the raw load, the same as those of the uplink
 * @param bare requests without the headers of the events
 * @param acknowledged messages of the devices that have their PUBACK
 * @param nanos that took
 * @param cpuNanos that the process of the node spent for it
 * @param received requests that the backend had of the devices
 */
record UplinkRound(Raw raw, Raw bare, long acknowledged, long nanos, long cpuNanos, long received) {
    /**
     * So many requests in this time.
     *
     * @param cpuNanos that the process of the node spent for it
     */
    record Raw(long requests, long nanos, long cpuNanos) {
        static Raw of(String answer, long cpuNanos) {
            String[] words = answer.split(" ", -1);
            return new Raw(Long.parseLong(words[0]), Long.parseLong(words[1]), cpuNanos);
        }

        double perSecond() {
            return requests * 1e9 / nanos;
        }

        double cpuMicros() {
            return cpuNanos / 1e3 / requests;
        }
    }

    double rawPerSecond() {
        return raw.perSecond();
    }

    double barePerSecond() {
        return bare.perSecond();
    }

    double perSecond() {
        return acknowledged * 1e9 / nanos;
    }

    double ratio() {
        return perSecond() / rawPerSecond();
    }

    double ratioToBare() {
        return perSecond() / bare.perSecond();
    }

    double rawCpuMicros() {
        return raw.cpuMicros();
    }

    double bareCpuMicros() {
        return bare.cpuMicros();
    }

    double cpuMicros() {
        return cpuNanos / 1e3 / acknowledged;
    }
}
