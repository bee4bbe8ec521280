package io.mqttparty.http.internal.outbox;

import io.mqttparty.http.internal.client.Timers;
import io.mqttparty.spi.Outbox;
import io.mqttparty.spi.Token;
import java.util.random.RandomGenerator;

/**
 * What all shards of a drainer share.
 *
 * @param outbox what to drain
 * @param holder this run of this node
 * @param deliverer where to
 * @param listener who hears of it
 * @param timers the time
 * @param random for jitter
 * @param settings how
 */
public record Drain(
        Outbox outbox,
        Token holder,
        Deliverer deliverer,
        DrainListener listener,
        Timers timers,
        RandomGenerator random,
        DrainSettings settings) {}
