package io.mqttparty;

import io.mqttparty.model.Limits;
import io.mqttparty.spi.Backend;
import java.time.InstantSource;

/** The backend in memory: complete, one JVM, and everything is gone when that ends. It is what a broker uses if no other is set. */
public final class MemoryBackend {
    private MemoryBackend() {}

    /** A backend with the default limits. */
    public static Backend create() {
        return create(Limits.DEFAULTS, InstantSource.system());
    }

    /** A backend with those of these limits that concern queues and the outbox, and a clock for expiry. */
    public static Backend create(Limits limits, InstantSource clock) {
        return new io.mqttparty.internal.memory.MemoryBackend(io.mqttparty.internal.memory.MemoryBackend.Config.DEFAULT
                .withClock(clock)
                .withLimits(limits));
    }
}
