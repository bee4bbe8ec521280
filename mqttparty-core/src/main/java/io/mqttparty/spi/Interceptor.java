package io.mqttparty.spi;

import io.mqttparty.model.ClientInfo;
import io.mqttparty.model.Message;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Sees each message that a client publishes before it is routed, and may change, redirect or drop it without disconnecting the client. It
 * runs after the authorizer; what it changed is not authorised again. Wills do not pass it. Time limit 5 seconds.
 */
@FunctionalInterface
public interface Interceptor {
    /** The message to go on with, or empty to drop it; the publisher is acknowledged either way. Called on the publisher's event loop. */
    CompletionStage<Optional<Message>> onPublish(ClientInfo client, Message message);
}
