package io.mqttparty.internal.broker;

import java.time.Duration;

/**
 * How long an SPI may take; then it is a "no". Upstreams have time limits of their own.
 *
 * @param decision authenticator, authorizer, interceptor
 * @param store everything of the backend
 * @param routes how old the mirror of the routes may be that a message is routed by, which is how long SUBACK waits for other nodes at most
 * @param connect all calls of one CONNECT together
 */
public record Timeouts(Duration decision, Duration store, Duration routes, Duration connect) {
    /** What holds unless something else is said. */
    public static final Timeouts DEFAULTS =
            new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMillis(250), Duration.ofSeconds(30));

    long decisionNanos() {
        return decision.toNanos();
    }

    long storeNanos() {
        return store.toNanos();
    }

    long routesNanos() {
        return routes.toNanos();
    }

    long connectNanos() {
        return connect.toNanos();
    }
}
