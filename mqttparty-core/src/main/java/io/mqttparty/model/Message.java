package io.mqttparty.model;

import static java.util.Objects.requireNonNull;

/**
 * An application message (section 1.2): what is published, queued, retained and delivered. Packet id and DUP belong to one delivery and are
 * not part of it.
 *
 * @param topic where it was published to
 * @param payload its bytes
 * @param qos the quality of service of its publisher or, once a subscription selected it, that of the delivery
 * @param retain published: store it as the topic's retained message; delivered: it comes from the retained store (section 3.3.1.3)
 * @param deadlineMillis milliseconds since 1970 UTC after which it is not delivered any more; 0 for no deadline
 * @param properties what MQTT 5 adds
 */
public record Message(
        TopicName topic, Payload payload, QoS qos, boolean retain, long deadlineMillis, Properties properties) {
    /** Checks that nothing is missing. */
    public Message {
        requireNonNull(topic, "topic");
        requireNonNull(payload, "payload");
        requireNonNull(qos, "qos");
        requireNonNull(properties, "properties");
        if (deadlineMillis < 0) {
            throw new IllegalArgumentException("deadlineMillis: " + deadlineMillis + " (expected: 0 or a time)");
        }
    }

    /** A message without deadline and properties. */
    public Message(TopicName topic, Payload payload, QoS qos, boolean retain) {
        this(topic, payload, qos, retain, 0, Properties.EMPTY);
    }

    /** A message that is not retained, for tests and in-process publishers. */
    public static Message of(String topic, String utf8Payload, QoS qos) {
        return new Message(TopicName.of(topic), Payload.utf8(utf8Payload), qos, false);
    }

    /** The same message at another quality of service. */
    public Message withQos(QoS other) {
        return other == qos ? this : new Message(topic, payload, other, retain, deadlineMillis, properties);
    }

    /** The same message with the retain flag set or cleared. */
    public Message withRetain(boolean other) {
        return other == retain ? this : new Message(topic, payload, qos, other, deadlineMillis, properties);
    }

    /** The same message for another topic. */
    public Message withTopic(TopicName other) {
        return new Message(other, payload, qos, retain, deadlineMillis, properties);
    }

    /** The same message with other bytes. */
    public Message withPayload(Payload other) {
        return new Message(topic, other, qos, retain, deadlineMillis, properties);
    }

    /** The same message with a deadline, in milliseconds since 1970 UTC; 0 removes it. */
    public Message withDeadlineMillis(long other) {
        return new Message(topic, payload, qos, retain, other, properties);
    }

    /** Whether the deadline has passed at this time. */
    public boolean isExpiredAt(long nowMillis) {
        return deadlineMillis != 0 && nowMillis >= deadlineMillis;
    }
}
