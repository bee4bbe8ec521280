package io.mqttparty.testkit;

import io.mqttparty.model.ClientInfo;
import io.mqttparty.model.Message;
import io.mqttparty.spi.Interceptor;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** An interceptor whose answers the test gives, see {@link #calls()}. */
public final class ControlledInterceptor implements Interceptor {
    private final ControlledCalls<Request, Optional<Message>> calls = new ControlledCalls<>();

    /**
     * What an interceptor is given.
     *
     * @param client the publisher
     * @param message what it published
     */
    public record Request(ClientInfo client, Message message) {}

    /** The calls, and what becomes of them. */
    public ControlledCalls<Request, Optional<Message>> calls() {
        return calls;
    }

    @Override
    public CompletionStage<Optional<Message>> onPublish(ClientInfo client, Message message) {
        return calls.onCall(new Request(client, message));
    }
}
