package io.mqttparty.model;

/** A version of the protocol that a client may speak. */
public enum ProtocolVersion {
    /** MQTT 3.1: protocol name {@code MQIsdp}, level 3. */
    MQTT_3_1(3),
    /** MQTT 3.1.1: protocol name {@code MQTT}, level 4. */
    MQTT_3_1_1(4);

    private final int level;

    ProtocolVersion(int level) {
        this.level = level;
    }

    /** The protocol level byte of CONNECT (section 3.1.2.2). */
    public int level() {
        return level;
    }
}
