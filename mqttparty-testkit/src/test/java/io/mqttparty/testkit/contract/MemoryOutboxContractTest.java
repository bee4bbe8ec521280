package io.mqttparty.testkit.contract;

import io.mqttparty.internal.memory.MemoryBackend;
import io.mqttparty.spi.Outbox;

final class MemoryOutboxContractTest extends OutboxContract {
    @Override
    protected Outbox newOutbox(Setup setup) {
        return new MemoryBackend(
                        MemoryBackend.Config.DEFAULT.withClock(setup.clock()).withLimits(setup.limits()))
                .outbox();
    }
}
