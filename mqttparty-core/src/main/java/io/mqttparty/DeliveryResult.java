package io.mqttparty;

/**
 * What became of a message that the application published.
 *
 * @param outcome the best that happened
 * @param delivered how many connected clients and in-process subscribers got it; another node with subscribers whose sessions end with their connections
 *     counts as one, and a client whose node has to be looked up for QoS 0 is left out
 * @param queued how many sessions keep it for a client that is not connected
 */
public record DeliveryResult(Outcome outcome, int delivered, int queued) {
    /** The best that happened to a message. */
    public enum Outcome {
        /** At least one subscriber is connected and got it. */
        DELIVERED,
        /** No subscriber is connected; at least one session keeps it. */
        QUEUED,
        /** Nobody is known to be subscribed but clients that are away, at QoS 0. */
        NO_SUBSCRIBER,
        /** The broker is closed or closing and did not take it. */
        REFUSED
    }
}
