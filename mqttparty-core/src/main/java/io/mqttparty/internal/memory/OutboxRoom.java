package io.mqttparty.internal.memory;

/**
 * What one shard of the outbox may hold.
 *
 * @param messages that wait
 * @param bytes of the messages that wait, and as many again of the dead letters
 * @param deadLetters that are kept
 */
record OutboxRoom(long messages, long bytes, long deadLetters) {
    /** An equal part of everything. */
    static OutboxRoom of(MemoryBackend.Config config, int shards) {
        return new OutboxRoom(
                Math.max(1, config.outboxMessages() / shards),
                Math.max(1, config.outboxBytes() / shards),
                Math.max(1, config.deadLetters() / shards));
    }
}
