package io.mqttparty.redis;

/** What an acknowledgement to a publisher means. See docs/redis.md for what each can lose. */
public enum Durability {
    /** Redis has the message in memory, and that is enough: no warning if it keeps nothing on disk. */
    MEMORY,
    /** Redis has the message, and its own settings say when it is on disk ({@code appendonly}, {@code appendfsync}). The default. */
    AOF,
    /** One replica has the message too: each batch of writes waits for it. */
    REPLICA
}
