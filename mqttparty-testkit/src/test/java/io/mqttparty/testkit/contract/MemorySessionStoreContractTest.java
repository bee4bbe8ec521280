package io.mqttparty.testkit.contract;

import io.mqttparty.spi.Backend;

final class MemorySessionStoreContractTest extends SessionStoreContract {
    @Override
    protected Backend newBackend(Setup setup) {
        return MemoryBackends.of(setup);
    }
}
