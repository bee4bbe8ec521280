/** The way to Redis: connections that batch by themselves, scripts, time limits. */
@NullMarked
package io.mqttparty.redis.internal.lane;

import org.jspecify.annotations.NullMarked;
