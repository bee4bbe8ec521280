/**
 * The outbox in Redis. Each shard has a stream of what waits, a stream of dead letters, and three hashes: what is known of the shard ({@code :m}: {@code t}
 * holder of the lease, {@code e} its epoch, {@code u} until when, {@code b} bytes that wait, {@code db} bytes of dead letters, {@code dd} dead letters that were dropped), the
 * position of each entry that waits ({@code :k}), and its failed attempts ({@code :a}).
 */
@NullMarked
package io.mqttparty.redis.internal.outbox;

import org.jspecify.annotations.NullMarked;
