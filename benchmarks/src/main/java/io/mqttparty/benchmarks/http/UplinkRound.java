package io.mqttparty.benchmarks.http;

/**
 * One round: the raw loads, then the devices.
 *
 * @param raw requests of the raw load, the same as those of the uplink
 * @param bare requests without the headers of the events
 * @param direct the same requests, taken for answered when their body has ended, as the uplink does
 * @param acknowledged messages of the devices that have their PUBACK
 * @param nanos that took
 * @param cpuNanos that the process of the node spent for it
 * @param received requests that the backend had of the devices
 */
record UplinkRound(Raw raw, Raw bare, Raw direct, long acknowledged, long nanos, long cpuNanos, long received) {
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

    double perSecond() {
        return acknowledged * 1e9 / nanos;
    }

    double cpuMicros() {
        return cpuNanos / 1e3 / acknowledged;
    }

    double ratioTo(Raw load) {
        return perSecond() / load.perSecond();
    }
}
