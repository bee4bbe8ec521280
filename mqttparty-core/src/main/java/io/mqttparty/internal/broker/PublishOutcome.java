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

    private static final PublishOutcome ONE = new PublishOutcome(1, 0);

    /** Delivered to so many, queued for nobody; the usual ones cost no object. */
    static PublishOutcome delivered(int count) {
        return switch (count) {
            case 0 -> NOBODY;
            case 1 -> ONE;
            default -> new PublishOutcome(count, 0);
        };
    }
}
