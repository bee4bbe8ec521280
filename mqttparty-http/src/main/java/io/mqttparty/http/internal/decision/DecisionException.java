package io.mqttparty.http.internal.decision;

import io.mqttparty.model.MqttPartyException;

/** The backend has not decided, which counts as no. It can cause this at will, so there is no stack trace. */
final class DecisionException extends MqttPartyException {
    private static final long serialVersionUID = 1L;

    DecisionException(String message) {
        super(message);
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
