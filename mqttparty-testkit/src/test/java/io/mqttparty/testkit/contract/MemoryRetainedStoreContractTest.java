package io.mqttparty.testkit.contract;

import io.mqttparty.spi.Backend;

final class MemoryRetainedStoreContractTest extends RetainedStoreContract {
    @Override
    protected Backend newBackend(Setup setup) {
        return MemoryBackends.of(setup);
    }
}
