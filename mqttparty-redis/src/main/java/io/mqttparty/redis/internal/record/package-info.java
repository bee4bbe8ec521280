/** The binary forms of what is kept in Redis, all with a version byte. */
@NullMarked
package io.mqttparty.redis.internal.record;

import org.jspecify.annotations.NullMarked;
