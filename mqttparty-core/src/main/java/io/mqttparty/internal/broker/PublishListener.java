package io.mqttparty.internal.broker;

/** Hears what became of a message that was given to the {@link Dispatcher}; on the publisher's loop. */
interface PublishListener {
    /** It is safe: every leg is done. Called once for a ticket, unless it failed. */
    void onPublished(int ticket, PublishOutcome outcome);

    /** A leg failed or its outcome is unknown: nothing may be acknowledged. */
    void onPublishFailed(int ticket, Throwable cause);

    /** So many more messages of the publisher are not safe yet, or fewer. */
    void onPending(int change);
}
