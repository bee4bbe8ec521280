/** What makes several nodes one broker: leases, the route log, the bus, and clearing up after the dead. */
@NullMarked
package io.mqttparty.redis.internal.cluster;

import org.jspecify.annotations.NullMarked;
