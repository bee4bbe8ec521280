package io.mqttparty.model;

/** The properties of a packet that only MQTT 5 has. For MQTT 3.1 and 3.1.1 there are none. */
public final class Properties {
    /** No properties. */
    public static final Properties EMPTY = new Properties();

    private Properties() {}

    @Override
    public String toString() {
        return "Properties[]";
    }
}
