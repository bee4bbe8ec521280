package io.mqttparty.redis.internal.record;

import io.mqttparty.model.MqttPartyException;

/** What Redis holds is not what this version writes: another version's, or somebody else's. It ends what needed it, never the node. */
public final class UnreadableRecordException extends MqttPartyException {
    private static final long serialVersionUID = 1;

    /** With what was wrong. */
    public UnreadableRecordException(String message) {
        super(message, null);
    }
}
