package io.mqttparty.http;

import io.mqttparty.MqttPartyBuilder;
import io.mqttparty.http.internal.decision.AccessQuestion;
import io.mqttparty.http.internal.decision.Verdict;
import io.mqttparty.model.ClientInfo;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicName;
import io.mqttparty.spi.Authorizer;
import java.util.concurrent.CompletionStage;

/**
 * Asks a backend by HTTP what a client may publish and subscribe to.
 *
 * <p>The question is a POST of JSON with {@code action} ({@code publish} or {@code subscribe}), {@code clientId}, {@code username}, {@code attributes} (what the
 * authenticator found out; left out if nothing), and {@code topic}, or {@code topicFilter} and {@code qos}. The answer is the status: 2xx is yes, 401 and 403 are no. Everything else
 * is undecided: another status, a redirect, no answer in time, one that is too large. Then a subscription is refused, and a publisher is closed without
 * acknowledgement, so that it sends again.
 *
 * <p>An answer is kept as long as its {@code Cache-Control: max-age} says; without one nothing is kept. While an answer is awaited, nothing more is read from the connection: let
 * the backend say {@code max-age} for all that publishes often. What a client may receive is decided by its subscriptions, which are asked for again when a session
 * is resumed.
 *
 * <p>As an extension it sets itself as the broker's authorizer, and is closed with the broker: so it is for one. Any thread may call it.
 */
public final class HttpAuthorizer extends HttpDecisions implements Authorizer {
    private HttpAuthorizer(Builder builder) {
        super(builder);
    }

    /** Begins the description of an authorizer. */
    public static Builder builder() {
        return new Builder();
    }

    /** Describes an authorizer. */
    public static final class Builder extends DecisionBuilder<Builder> {
        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /**
         * The authorizer.
         *
         * @throws IllegalStateException if there is no {@link #uri}
         */
        public HttpAuthorizer build() {
            return new HttpAuthorizer(this);
        }
    }

    @Override
    public CompletionStage<Boolean> mayPublish(ClientInfo publisher, TopicName topic) {
        return ask(AccessQuestion.publish(publisher, topic));
    }

    @Override
    public CompletionStage<Boolean> maySubscribe(ClientInfo subscriber, Subscription subscription) {
        return ask(AccessQuestion.subscribe(subscriber, subscription));
    }

    private CompletionStage<Boolean> ask(AccessQuestion question) {
        return inquiry().ask(question).thenApply(decision -> decision.verdict() == Verdict.YES);
    }

    @Override
    void register(MqttPartyBuilder builder) {
        builder.authorizer(this);
    }
}
