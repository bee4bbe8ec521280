package io.mqttparty.redis.internal.outbox;

import io.mqttparty.redis.internal.key.Keys;

/** The keys of one shard. */
final class Shard {
    final int number;
    final byte[] stream;
    final byte[] meta;
    final byte[] keys;
    final byte[] attempts;
    final byte[] dead;

    Shard(Keys names, int number) {
        this.number = number;
        this.stream = names.outbox(number, "");
        this.meta = names.outbox(number, "m");
        this.keys = names.outbox(number, "k");
        this.attempts = names.outbox(number, "a");
        this.dead = names.outbox(number, "d");
    }
}
