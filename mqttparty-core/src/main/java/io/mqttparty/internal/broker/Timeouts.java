package io.mqttparty.internal.broker;

import java.time.Duration;

/**
 * How long an SPI may take; then it is a "no".
 *
 * @param decision authenticator, authorizer, interceptor
 * @param upstream upstreams
 * @param store everything of the backend
 */
public record Timeouts(Duration decision, Duration upstream, Duration store) {
    /** What holds unless something else is said. */
    public static final Timeouts DEFAULTS =
            new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofSeconds(5));

    long decisionNanos() {
        return decision.toNanos();
    }

    long upstreamNanos() {
        return upstream.toNanos();
    }

    long storeNanos() {
        return store.toNanos();
    }
}
