package io.mqttparty.http;

import io.mqttparty.MqttPartyBuilder;
import io.mqttparty.http.internal.decision.ConnectQuestion;
import io.mqttparty.http.internal.decision.Decision;
import io.mqttparty.model.ReasonCode;
import io.mqttparty.spi.Authenticator;
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
 * <p>As an extension it sets itself as the broker's authenticator, and is closed with the broker: so it is for one. Any thread may call it.
 */
public final class HttpAuthenticator extends HttpDecisions implements Authenticator {
    private HttpAuthenticator(Builder builder) {
        super(builder);
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
        return inquiry().ask(ConnectQuestion.body(request)).thenApply(HttpAuthenticator::result);
    }

    private static Result result(Decision decision) {
        return switch (decision.verdict()) {
            case YES -> Result.accepted(decision.attributes());
            case UNAUTHORIZED -> Result.refused(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
            case FORBIDDEN -> Result.refused(ReasonCode.NOT_AUTHORIZED);
        };
    }

    @Override
    void register(MqttPartyBuilder builder) {
        builder.authenticator(this);
    }
}
