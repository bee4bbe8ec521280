package io.mqttparty.interop;

import java.util.List;

/** Messages to one topic. Payloads are text of one line, since some tools read them line by line. */
record Outgoing(String topic, int qos, boolean retain, List<String> payloads) {
    static Outgoing of(String topic, int qos, String... payloads) {
        return new Outgoing(topic, qos, false, List.of(payloads));
    }

    static Outgoing retained(String topic, int qos, String payload) {
        return new Outgoing(topic, qos, true, List.of(payload));
    }
}
