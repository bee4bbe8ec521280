package io.mqttparty.interop;

import java.util.Optional;

/** How a client connects, and to what it subscribes. */
record Subscribing(String clientId, String filter, int qos, boolean cleanSession, Optional<Will> will) {
    record Will(String topic, String payload, int qos, boolean retain) {}

    static Subscribing clean(String clientId, String filter, int qos) {
        return new Subscribing(clientId, filter, qos, true, Optional.empty());
    }

    static Subscribing persistent(String clientId, String filter, int qos) {
        return new Subscribing(clientId, filter, qos, false, Optional.empty());
    }

    Subscribing with(Will value) {
        return new Subscribing(clientId, filter, qos, cleanSession, Optional.of(value));
    }
}
