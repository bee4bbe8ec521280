package io.mqttparty.http.internal.uplink;

/** A message is not acknowledged since it could not be delivered. It has no stack trace: a backend that is gone causes it for every message. */
final class NotDeliveredException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotDeliveredException(String message) {
        super("not delivered: " + message, null, false, false);
    }
}
