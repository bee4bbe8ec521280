package io.mqttparty.http;

import io.mqttparty.Extension;
import io.mqttparty.MqttParty;
import io.mqttparty.MqttPartyBuilder;
import io.mqttparty.http.internal.decision.Decision;
import io.mqttparty.http.internal.decision.DecisionClient;
import io.mqttparty.http.internal.decision.Inquiry;
import io.mqttparty.http.internal.decision.Questions;
import io.mqttparty.http.spi.DecisionCounter;
import io.mqttparty.model.ReasonCode;
import io.mqttparty.spi.Authenticator;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Asks a backend by HTTP who may connect.
 *
 * <pre>{@code
 * MqttParty.builder()
 *         .extension(HttpAuthenticator.builder().uri("https://backend/mqtt/connect").build())
 * }</pre>
 *
 * <p>The question is a POST of JSON with {@code action} ({@code connect}), {@code clientId}, {@code username}, {@code password} (or {@code passwordBase64} if it is no
 * UTF-8), {@code remoteAddress} without the port, {@code listener}, {@code cleanSession}, and with a client certificate {@code certificateSha256} and
 * {@code certificateSubject}. The answer is the status: 2xx is yes, 401 is a wrong user name or password (CONNACK 4), 403 is not authorized (CONNACK 5). Everything else is no
 * too (CONNACK 3): another status, a redirect, no answer in time, one that is too large. Headers {@code Mqtt-Attribute-<name>} of a yes become attributes of the client, with names
 * in lower case.
 *
 * <p>An answer is kept as long as its {@code Cache-Control: max-age} says, and used for the same question again: the same client id, user name, password and all the rest. Without
 * one nothing is kept. What cannot be decided is never kept, nor is a password: answers are found by a keyed hash.
 *
 * <p>As an extension it sets itself as the broker's authenticator, and is closed with the broker. Any thread may call it.
 */
public final class HttpAuthenticator implements Authenticator, Extension, AutoCloseable {
    private final DecisionClient client;
    private final Inquiry inquiry;
    private final URI uri;

    private HttpAuthenticator(Builder builder) {
        this.uri = builder.address();
        this.client = builder.client();
        this.inquiry = builder.inquiry(client);
    }

    /** Begins the description of an authenticator. */
    public static Builder builder() {
        return new Builder();
    }

    /** Describes an authenticator. */
    public static final class Builder extends DecisionBuilder<Builder> {
        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /**
         * The authenticator.
         *
         * @throws IllegalStateException if there is no {@link #uri}
         */
        public HttpAuthenticator build() {
            return new HttpAuthenticator(this);
        }
    }

    @Override
    public CompletionStage<Result> authenticate(Request request) {
        return inquiry.ask(Questions.connect(request)).thenApply(HttpAuthenticator::result);
    }

    private static Result result(Decision decision) {
        return switch (decision.verdict()) {
            case YES -> Result.accepted(decision.attributes());
            case UNAUTHORIZED -> Result.refused(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
            case FORBIDDEN -> Result.refused(ReasonCode.NOT_AUTHORIZED);
        };
    }

    /** How often this has happened. */
    public long count(DecisionCounter counter) {
        return inquiry.count(counter);
    }

    /** How many answers are kept. */
    public int cached() {
        return inquiry.kept();
    }

    @Override
    public void install(MqttPartyBuilder builder) {
        builder.authenticator(this);
    }

    @Override
    public CompletionStage<Void> start(MqttParty broker) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> stop() {
        close();
        return CompletableFuture.completedFuture(null);
    }

    /** Ends all requests: from now on the answer is no. Closes what it made itself; a second call does nothing. */
    @Override
    public void close() {
        client.close();
    }

    /** The address without its query, which may hold a secret. */
    @Override
    public String toString() {
        return "HttpAuthenticator[" + Inquiry.withoutQuery(uri) + "]";
    }
}
