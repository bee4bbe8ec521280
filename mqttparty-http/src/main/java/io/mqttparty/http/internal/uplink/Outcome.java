package io.mqttparty.http.internal.uplink;

import io.mqttparty.model.Payload;

/**
 * What became of an event.
 *
 * @param kind what became of it
 * @param status the last status of the backend; 0 if there was none
 * @param reply the body of an answer of 2xx; empty for the others
 * @param reason why it was not delivered, or why the reply is not there; empty if all is well
 * @param tries requests that were sent
 * @param retryAfterNanos how long the backend wants to be left alone after the last one; 0 if it did not say
 * @param unsent whether the backend cannot have seen the last one
 */
public record Outcome(
        Kind kind, int status, Payload reply, String reason, int tries, long retryAfterNanos, boolean unsent) {
    /** What became of it. */
    public enum Kind {
        /** The backend has it: an answer of 2xx. */
        DELIVERED,
        /** The backend will never take it, or it has no URL: sending it again does not help. */
        REFUSED,
        /** It could not be delivered in time; the backend may have it. */
        FAILED
    }

    static Outcome delivered(int status, Payload reply, String reason, int tries) {
        return new Outcome(Kind.DELIVERED, status, reply, reason, tries, 0, false);
    }

    static Outcome refused(int status, String reason, int tries) {
        return new Outcome(Kind.REFUSED, status, Payload.EMPTY, reason, tries, 0, false);
    }

    static Outcome failed(int status, String reason, int tries) {
        return failed(status, reason, tries, 0, tries == 0);
    }

    static Outcome failed(int status, String reason, int tries, long retryAfterNanos, boolean unsent) {
        return new Outcome(Kind.FAILED, status, Payload.EMPTY, reason, tries, retryAfterNanos, unsent);
    }
}
