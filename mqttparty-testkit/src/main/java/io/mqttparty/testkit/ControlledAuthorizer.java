package io.mqttparty.testkit;

import io.mqttparty.model.ClientInfo;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicName;
import io.mqttparty.spi.Authorizer;
import java.util.concurrent.CompletionStage;

/** An authorizer whose answers the test gives, see {@link #calls()}. */
public final class ControlledAuthorizer implements Authorizer {
    private final ControlledCalls<Question, Boolean> calls = new ControlledCalls<>();

    /** What an authorizer is asked. */
    public sealed interface Question {
        /** Who wants it. */
        ClientInfo client();

        /**
         * Whether the client may publish.
         *
         * @param client who
         * @param topic where
         */
        record MayPublish(ClientInfo client, TopicName topic) implements Question {}

        /**
         * Whether the client may subscribe.
         *
         * @param client who
         * @param subscription to what
         */
        record MaySubscribe(ClientInfo client, Subscription subscription) implements Question {}

        /**
         * Whether the client may receive a stored message.
         *
         * @param client who
         * @param topic from where
         */
        record MayReceive(ClientInfo client, TopicName topic) implements Question {}
    }

    /** The calls of all three methods, and what becomes of them. */
    public ControlledCalls<Question, Boolean> calls() {
        return calls;
    }

    @Override
    public CompletionStage<Boolean> mayPublish(ClientInfo client, TopicName topic) {
        return calls.onCall(new Question.MayPublish(client, topic));
    }

    @Override
    public CompletionStage<Boolean> maySubscribe(ClientInfo client, Subscription subscription) {
        return calls.onCall(new Question.MaySubscribe(client, subscription));
    }

    @Override
    public CompletionStage<Boolean> mayReceive(ClientInfo client, TopicName topic) {
        return calls.onCall(new Question.MayReceive(client, topic));
    }
}
