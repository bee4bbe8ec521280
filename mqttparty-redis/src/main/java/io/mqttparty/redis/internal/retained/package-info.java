/**
 * Retained messages. In each of 64 buckets, by the first level of the topic, a hash has the messages and a sorted set of equal scores has the
 * topics in the order of their bytes; a script changes both.
 */
@NullMarked
package io.mqttparty.redis.internal.retained;

import org.jspecify.annotations.NullMarked;
