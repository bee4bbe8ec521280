package io.mqttparty.model;

/** The quality of service of a message or the maximum of a subscription (MQTT 3.1.1, section 4.3). */
public enum QoS {
    /** QoS 0: delivered at most once; nothing acknowledges it. */
    AT_MOST_ONCE,
    /** QoS 1: delivered at least once; acknowledged by PUBACK. */
    AT_LEAST_ONCE,
    /** QoS 2: delivered exactly once; acknowledged by PUBREC, PUBREL, PUBCOMP. */
    EXACTLY_ONCE;

    private static final QoS[] VALUES = values();

    /**
     * The quality of service with this number on the wire.
     *
     * @throws IllegalArgumentException if the number is not 0, 1 or 2
     */
    public static QoS of(int value) {
        if (value < 0 || value >= VALUES.length) {
            throw new IllegalArgumentException("qos: " + value + " (expected: 0, 1 or 2)");
        }
        return VALUES[value];
    }

    /** The number on the wire: 0, 1 or 2. */
    public int value() {
        return ordinal();
    }

    /** The lower of both: what a subscription makes of a published message. */
    public QoS min(QoS other) {
        return compareTo(other) <= 0 ? this : other;
    }

    /** The higher of both: what overlapping subscriptions of one client grant together. */
    public QoS max(QoS other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
