/** Sessions in Redis: one script for what must be exact, native commands for what is frequent. */
@NullMarked
package io.mqttparty.redis.internal.session;

import org.jspecify.annotations.NullMarked;
