package io.mqttparty.internal.broker;

import io.mqttparty.model.MqttPartyException;

/** The store answered STALE: another connection owns the session. Nobody looks at its trace, so it has none. */
final class StaleException extends MqttPartyException {
    private static final long serialVersionUID = 1L;

    StaleException() {
        super("the session belongs to another connection");
    }

    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
