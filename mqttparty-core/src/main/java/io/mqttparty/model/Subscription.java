package io.mqttparty.model;

import static java.util.Objects.requireNonNull;

/**
 * A topic filter and the highest quality of service that is granted for it (section 3.8.3).
 *
 * @param filter what is selected
 * @param qos the most that is delivered with
 */
public record Subscription(TopicFilter filter, QoS qos) {
    /** Checks that nothing is missing. */
    public Subscription {
        requireNonNull(filter, "filter");
        requireNonNull(qos, "qos");
    }

    /** The subscription to this filter. */
    public static Subscription of(String filter, QoS qos) {
        return new Subscription(TopicFilter.of(filter), qos);
    }
}
