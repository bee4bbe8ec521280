package io.mqttparty.internal.broker;

/**
 * Where a message went.
 *
 * @param delivered connected clients and in-process subscribers
 * @param queued sessions whose client is not connected
 */
public record PublishOutcome(int delivered, int queued) {
    /** Nobody is subscribed. */
    static final PublishOutcome NOBODY = new PublishOutcome(0, 0);
}
