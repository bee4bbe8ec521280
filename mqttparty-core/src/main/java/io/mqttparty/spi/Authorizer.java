package io.mqttparty.spi;

import io.mqttparty.model.ClientInfo;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicName;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Decides what a connected client may do. Called on event loops; time limit 5 seconds. While an answer is awaited, nothing more is read from
 * that connection, so an authorizer that knows the answer at once should return a completed stage. About several subscriptions or stored
 * messages of one client it is asked up to 32 questions at a time.
 */
public interface Authorizer {
    /**
     * Whether the client may publish to this topic. Asked for each PUBLISH, for the will at CONNECT, and for the will again when it is
     * published; if its connection is not known any more, then only client id and user name are those of that connection. A PUBLISH that is refused is acknowledged and goes nowhere
     * [MQTT-3.3.5-2]; if the stage fails or comes too late, nobody knows whether it is allowed, and its publisher is closed without acknowledgement.
     */
    CompletionStage<Boolean> mayPublish(ClientInfo client, TopicName topic);

    /** Whether the client may subscribe. Asked for each filter of SUBSCRIBE and, when a session is resumed, for each that it has. */
    CompletionStage<Boolean> maySubscribe(ClientInfo client, Subscription subscription);

    /**
     * Whether a stored message may be delivered: one that was queued while the client was away, one that is sent again, a retained one. Live
     * messages are covered by the subscription. Allowed unless overridden.
     */
    default CompletionStage<Boolean> mayReceive(ClientInfo client, TopicName topic) {
        return CompletableFuture.completedFuture(true);
    }
}
