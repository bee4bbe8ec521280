/** Delivers what waits in the outbox: leases shards, reads them, and says what became of each message. How a message is delivered is not its concern. */
@NullMarked
package io.mqttparty.http.internal.outbox;

import org.jspecify.annotations.NullMarked;
