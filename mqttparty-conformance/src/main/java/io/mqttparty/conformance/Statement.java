package io.mqttparty.conformance;

/**
 * A normative statement of the specification.
 *
 * @param id the identifier that the specification gives it, {@code MQTT-3.1.0-1}
 * @param binds whom it binds
 * @param inShort what it demands, in our words
 */
record Statement(String id, Binds binds, String inShort) {
    enum Binds {
        SERVER,
        BOTH,
        CLIENT,
        BRIDGE
    }

    boolean bindsServer() {
        return binds == Binds.SERVER || binds == Binds.BOTH;
    }
}
