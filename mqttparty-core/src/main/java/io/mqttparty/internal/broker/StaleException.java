package io.mqttparty.internal.broker;

import io.mqttparty.model.MqttPartyException;

/** The store answered STALE: another connection owns the session. One instance, since nobody looks at its trace. */
final class StaleException extends MqttPartyException {
    static final StaleException INSTANCE = new StaleException();
    private static final long serialVersionUID = 1L;

    private StaleException() {
        super("the session belongs to another connection");
    }
}
