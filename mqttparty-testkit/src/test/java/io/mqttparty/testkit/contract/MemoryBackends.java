package io.mqttparty.testkit.contract;

import io.mqttparty.internal.memory.MemoryBackend;
import io.mqttparty.spi.Backend;

/** Makes the backends that the contracts run against here. */
final class MemoryBackends {
    private MemoryBackends() {}

    static Backend of(BackendContract.Setup setup) {
        return new MemoryBackend(MemoryBackend.Config.DEFAULT
                .withClock(setup.clock())
                .withQueue(setup.queueMessages(), setup.queueBytes()));
    }
}
