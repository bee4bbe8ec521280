package io.mqttparty.http.spi;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.TopicName;
import java.net.URI;

/**
 * Is told what happens on the way to the backend. Methods are called on any thread, must not block, and do nothing unless overridden; what they throw is logged and
 * changes nothing.
 */
public interface HttpListener {
    /**
     * The backend refused a message for good, or the message has no URL.
     *
     * @param id the id of the event, {@code ce-id}
     * @param status the status; 0 if the message has no URL
     */
    default void onRefused(ClientId client, TopicName topic, String id, int status) {}

    /**
     * A message could not be delivered in time.
     *
     * @param id the id of the event, {@code ce-id}
     * @param tries requests that were sent for it
     * @param reason what went wrong last, for people
     */
    default void onGivenUp(ClientId client, TopicName topic, String id, int tries, String reason) {}

    /**
     * A message of the outbox became a dead letter: the backend refused it for good, or it was tried as often as it may be. {@code MqttParty.outbox()} has it, for people.
     *
     * @param id the id of the event, {@code ce-id}
     * @param tries deliveries that have failed
     * @param reason for people
     */
    default void onDeadLetter(ClientId client, TopicName topic, String id, int tries, String reason) {}

    /**
     * The answer to a message did not reach the device.
     *
     * @param id the id of the event, {@code ce-id}
     * @param reason for people
     */
    default void onReplyLost(ClientId client, TopicName topic, String id, String reason) {}

    /** A backend failed so often in a row that its requests wait from now on, but for one now and then. Comes once, until {@link #onBreakerClosed}. */
    default void onBreakerOpened(URI origin) {}

    /** A backend answers again. Comes once for each {@link #onBreakerOpened}, and after it. */
    default void onBreakerClosed(URI origin) {}
}
