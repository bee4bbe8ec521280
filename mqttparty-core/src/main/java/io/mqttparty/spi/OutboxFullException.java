package io.mqttparty.spi;

import io.mqttparty.model.MqttPartyException;

/** A shard of the {@link Outbox} has no room: nothing was appended, and what was published is not acknowledged. Publishers cause it, so it has no stack trace. */
public final class OutboxFullException extends MqttPartyException {
    private static final long serialVersionUID = 1L;

    /**
     * A shard with so much in it.
     *
     * @param shard which one
     * @param messages that wait in it
     * @param bytes that wait in it
     */
    public OutboxFullException(int shard, long messages, long bytes) {
        super("outbox: shard " + shard + " has " + messages + " messages of " + bytes + " bytes (expected: less)");
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
