package io.mqttparty.model;

import org.jspecify.annotations.Nullable;

/** Something around the broker failed: a store, a socket, an SPI. The broker closes what it must and goes on. */
public class MqttPartyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** An environment failure with its cause, where one is known. */
    public MqttPartyException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** An environment failure. */
    public MqttPartyException(String message) {
        super(message);
    }
}
