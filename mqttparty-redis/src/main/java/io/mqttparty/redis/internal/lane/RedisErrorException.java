package io.mqttparty.redis.internal.lane;

import io.mqttparty.model.MqttPartyException;

/** Redis refused a command: it had no effect. */
public final class RedisErrorException extends MqttPartyException {
    private static final long serialVersionUID = 1;

    RedisErrorException(String error) {
        super("redis: " + error, null);
    }

    /** Whether the error begins with this code, such as {@code OOM}. */
    public boolean is(String code) {
        String message = String.valueOf(getMessage());
        return message.startsWith(code, "redis: ".length());
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
