package io.mqttparty.http;

import static io.mqttparty.http.Arguments.once;
import static io.mqttparty.http.Arguments.positive;
import static io.mqttparty.http.Arguments.range;
import static java.util.Objects.requireNonNull;

import io.mqttparty.Extension;
import io.mqttparty.MqttParty;
import io.mqttparty.http.internal.downlink.BearerTokens;
import io.mqttparty.http.internal.downlink.Downlink;
import io.mqttparty.http.internal.downlink.DownlinkSettings;
import io.mqttparty.http.spi.DownlinkAuthenticator;
import io.mqttparty.http.spi.DownlinkCounter;
import io.mqttparty.http.spi.DownlinkRequest;
import io.mqttparty.http.spi.DownlinkResponse;
import io.mqttparty.model.TopicName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The downlink without a server: HTTP requests reach devices, whichever node they are connected to. {@link DownlinkServer} serves it by itself; or a
 * service mounts it in the HTTP server that it has:
 *
 * <pre>{@code
 * DownlinkHandler downlink = DownlinkHandler.builder().token(secret).build();
 * MqttParty broker = MqttParty.builder().extension(downlink)…build();
 * // for each request of that server:
 * downlink.handle(DownlinkRequest.of(method, rawTarget, headers, body)).thenAccept(response -> …);
 * }</pre>
 *
 * <p>All methods may be called from any thread. For one broker only. {@code docs/http.md} describes the endpoints.
 */
public final class DownlinkHandler implements Extension {
    private final Downlink downlink;

    private DownlinkHandler(DownlinkSettings settings) {
        this.downlink = new Downlink(settings);
    }

    /** Begins the description of a handler. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Answers a request. The stage never fails, and may complete on an event loop of the broker, so what follows on it must not block. Before the broker
     * has started the answer is 503. If the caller has gone, cancel the future of the stage: then nobody waits for the device any more.
     * HEAD is answered as GET is: send the headers alone.
     */
    public CompletionStage<DownlinkResponse> handle(DownlinkRequest request) {
        return downlink.handle(requireNonNull(request, "request"));
    }

    /** How often this has happened since the start. What concerns connections is counted by {@link DownlinkServer} only. */
    public long count(DownlinkCounter counter) {
        return downlink.counted(counter);
    }

    /** How many requests are open. */
    public int openRequests() {
        return downlink.open();
    }

    /** Called by the broker. */
    @Override
    public CompletionStage<Void> start(MqttParty broker) {
        downlink.start(broker);
        return CompletableFuture.completedFuture(null);
    }

    /** Called by the broker. What is open ends with the broker at the latest. */
    @Override
    public CompletionStage<Void> stop() {
        downlink.stop();
        return CompletableFuture.completedFuture(null);
    }

    Downlink downlink() {
        return downlink;
    }

    /** Describes a handler. Each method checks its value; a value that can be set once refuses a second one. Not for use by several threads. */
    public static final class Builder {
        private static final Duration AUTHENTICATOR_TIMEOUT = Duration.ofSeconds(5);
        private static final int LARGEST_BODY = 64 * 1024 * 1024;

        private final List<String> tokens = new ArrayList<>();
        private @Nullable DownlinkAuthenticator authenticator;
        private boolean unauthenticated;
        private @Nullable Integer bodyBytes;
        private @Nullable Integer openRequests;
        private @Nullable Duration timeout;
        private @Nullable Duration longestTimeout;
        private @Nullable String requestTopic;
        private @Nullable String replyTopic;

        private Builder() {}

        /** Serves who sends this bearer token: visible ASCII without spaces. Any number, so that one can be replaced by the next. */
        public Builder token(String token) {
            if (!token.matches("[!-~]+")) { // the value is a secret and is not repeated
                throw new IllegalArgumentException(
                        "token: empty or other characters (expected: visible ASCII, no spaces)");
            }
            tokens.add(token);
            return this;
        }

        /** Decides who is served. Needed, unless a {@link #token} was given or {@link #allowUnauthenticated()} was called. */
        public Builder authenticator(DownlinkAuthenticator value) {
            authenticator = once("authenticator", authenticator, value);
            return this;
        }

        /** Serves everybody who can reach it: who that is must be decided elsewhere. */
        public Builder allowUnauthenticated() {
            unauthenticated = true;
            return this;
        }

        /** The largest body, in bytes; 256 KiB by default. */
        public Builder bodyBytes(int value) {
            bodyBytes = once("bodyBytes", bodyBytes, range("bodyBytes", value, 1, LARGEST_BODY));
            return this;
        }

        /**
         * How many requests may be open; more are answered with 429. 2,000 by default. Together with {@link #bodyBytes} it bounds the memory that bodies
         * take.
         */
        public Builder openRequests(int value) {
            openRequests = once("openRequests", openRequests, range("openRequests", value, 1, 1_000_000));
            return this;
        }

        /** How long a device is waited for unless a request says something else; 10 s by default. */
        public Builder timeout(Duration value) {
            timeout = once("timeout", timeout, positive("timeout", value));
            return this;
        }

        /** How long a request may let a device be waited for; 60 s by default. */
        public Builder longestTimeout(Duration value) {
            longestTimeout = once("longestTimeout", longestTimeout, positive("longestTimeout", value));
            return this;
        }

        /**
         * Where a request goes to unless it says something else, and where its reply is expected: templates with {@code {clientId}} and {@code {correlation}}.
         * {@code devices/{clientId}/requests/{correlation}} and {@code devices/{clientId}/replies/{correlation}} by default.
         */
        public Builder requestTopics(String request, String reply) {
            requestTopic = once("requestTopics", requestTopic, template(request));
            replyTopic = template(reply);
            return this;
        }

        private static String template(String topic) {
            String sample = topic.replace("{clientId}", "c").replace("{correlation}", "c");
            if (!topic.contains("{correlation}") || sample.contains("{") || sample.contains("}")) {
                throw new IllegalArgumentException("requestTopics: " + topic
                        + " (expected: {correlation} in both, and no other variable than that and {clientId})");
            }
            try {
                TopicName.of(sample);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("requestTopics: " + topic + " (expected: topic names)", e);
            }
            return topic;
        }

        /**
         * The handler.
         *
         * @throws IllegalStateException if nobody has said who is served, or more than one way was chosen
         */
        public DownlinkHandler build() {
            int ways = (tokens.isEmpty() ? 0 : 1) + (authenticator == null ? 0 : 1) + (unauthenticated ? 1 : 0);
            if (ways != 1) {
                throw new IllegalStateException("token, authenticator, allowUnauthenticated: " + ways
                        + " of them (expected: one says who is served)");
            }
            Duration usual = timeout == null ? Duration.ofSeconds(10) : timeout;
            Duration longest = longestTimeout == null ? Duration.ofSeconds(60) : longestTimeout;
            if (usual.compareTo(longest) > 0) {
                throw new IllegalStateException(
                        "timeout: " + usual + " (expected: at most longestTimeout, " + longest + ")");
            }
            return new DownlinkHandler(new DownlinkSettings(
                    who(),
                    AUTHENTICATOR_TIMEOUT,
                    bodyBytes == null ? 256 * 1024 : bodyBytes,
                    openRequests == null ? 2_000 : openRequests,
                    usual,
                    longest,
                    requestTopic == null ? "devices/{clientId}/requests/{correlation}" : requestTopic,
                    replyTopic == null ? "devices/{clientId}/replies/{correlation}" : replyTopic));
        }

        private DownlinkAuthenticator who() {
            if (authenticator != null) {
                return authenticator;
            }
            return unauthenticated ? head -> CompletableFuture.completedFuture(true) : new BearerTokens(tokens);
        }
    }
}
