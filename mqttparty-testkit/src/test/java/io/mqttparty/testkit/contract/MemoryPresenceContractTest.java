package io.mqttparty.testkit.contract;

import io.mqttparty.spi.Backend;

final class MemoryPresenceContractTest extends PresenceContract {
    @Override
    protected Backend newBackend(Setup setup) {
        return MemoryBackends.of(setup);
    }
}
