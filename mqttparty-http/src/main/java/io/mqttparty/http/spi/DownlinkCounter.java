package io.mqttparty.http.spi;

/** What the downlink counts, since its start. */
public enum DownlinkCounter {
    /** Requests that were answered, whatever the answer. */
    REQUESTS,
    /** Requests without the right to be served. */
    UNAUTHORIZED,
    /** Calls of the {@link DownlinkAuthenticator} that failed, threw or took too long. */
    AUTHENTICATOR_FAILURES,
    /** Requests that were refused because too many were open. */
    REQUESTS_REFUSED,
    /** Requests whose body was larger than allowed. */
    BODIES_TOO_LARGE,
    /** Requests whose caller left before the answer. */
    CALLERS_GONE,
    /** Requests that failed because of an error in the bridge or in the broker. */
    INTERNAL_ERRORS,
    /** Connections that the server accepted. */
    CONNECTIONS_OPENED,
    /** Connections that were answered with 503 or closed at once because too many were open. */
    CONNECTIONS_REFUSED,
    /** Connections closed because they did not send HTTP, or sent it in a way that can be read in two. */
    MALFORMED_REQUESTS,
    /** Connections closed because a request did not come in time. */
    REQUEST_TIMEOUTS,
    /** Connections closed because the caller did not read the answer in time. */
    RESPONSE_TIMEOUTS
}
