/** What is checked before the backend serves. */
@NullMarked
package io.mqttparty.redis.internal.start;

import org.jspecify.annotations.NullMarked;
