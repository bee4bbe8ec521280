package io.mqttparty.redis.internal.outbox;

import io.mqttparty.model.Limits;

/**
 * What one shard may hold: an equal part of everything.
 *
 * @param messages that wait
 * @param bytes of the messages that wait, and as many again of the dead letters
 * @param deadLetters that are kept
 */
record Room(long messages, long bytes, long deadLetters) {
    static Room of(Limits limits, int shards) {
        return new Room(
                Math.max(1, limits.outboxMessages() / shards),
                Math.max(1, limits.outboxBytes() / shards),
                Math.max(1, limits.deadLetters() / shards));
    }
}
