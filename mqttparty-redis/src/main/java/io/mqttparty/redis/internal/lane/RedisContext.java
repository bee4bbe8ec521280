package io.mqttparty.redis.internal.lane;

import io.mqttparty.model.Limits;
import io.mqttparty.redis.internal.key.Keys;
import io.netty.util.concurrent.EventExecutorGroup;

/**
 * What all parts of the backend share.
 *
 * @param keys the names
 * @param lanes the connections
 * @param limits of the broker
 * @param executors threads of the Redis client, for timers and for what must not run on its connections
 */
public record RedisContext(Keys keys, Lanes lanes, Limits limits, EventExecutorGroup executors) {}
