package io.mqttparty.http.internal.decision;

/** What the backend has decided. */
public enum Verdict {
    /** A status of 2xx. */
    YES,
    /** The status 401: it does not know who this is. */
    UNAUTHORIZED,
    /** The status 403. */
    FORBIDDEN
}
