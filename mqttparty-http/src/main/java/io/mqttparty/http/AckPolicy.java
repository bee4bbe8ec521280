package io.mqttparty.http;

/** When a device's PUBLISH is acknowledged (PUBACK, PUBREC) that goes to the backend. */
public enum AckPolicy {
    /** When the backend has answered with a status of 2xx, or has refused the message for good: the acknowledgement means that the backend has it. */
    ON_2XX,
    /** When the message is in the durable outbox of the broker's backend, from which any node delivers it. */
    ON_OUTBOX,
    /** At once, as long as less than half of the backlog is used: a message that is on its way is lost if the node dies. Beyond it as {@link #ON_2XX}, so that devices are held back. */
    ON_ACCEPT
}
