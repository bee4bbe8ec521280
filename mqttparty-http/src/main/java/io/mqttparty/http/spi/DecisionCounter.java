package io.mqttparty.http.spi;

/** What an authenticator or authorizer that asks a backend counts, since it was made. */
public enum DecisionCounter {
    /** Questions of the broker. Each is answered from the cache, joined to one that is asked already, or asked. */
    QUESTIONS,
    /** Questions that a kept answer decided. */
    CACHED,
    /** Questions that were the same as one that the backend was being asked. */
    JOINED,
    /** Requests to the backend. */
    REQUESTS,
    /** Requests that were sent once more, since their connection ended without an answer. */
    REPEATED,
    /** Requests that the backend answered with yes. */
    YES,
    /** Requests that the backend answered with no. */
    NO,
    /** Requests without a decision: no answer, none in time, one that is too large, or another status. They count as no and are never kept. */
    UNDECIDED,
    /** Kept answers that made room for others. */
    EVICTED
}
