package io.mqttparty.redis.internal.lane;

import io.mqttparty.model.MqttPartyException;
import org.jspecify.annotations.Nullable;

/**
 * Redis did not answer in time, is not connected, or is known not to answer. Whether the command was executed is unknown, unless the
 * circuit was open: then it was not sent. Without a stack trace, since it comes once for each command of a whole batch.
 */
public final class RedisUnavailableException extends MqttPartyException {
    private static final long serialVersionUID = 1;

    RedisUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
