/** The names of everything that is kept in Redis. */
@NullMarked
package io.mqttparty.redis.internal.key;

import org.jspecify.annotations.NullMarked;
