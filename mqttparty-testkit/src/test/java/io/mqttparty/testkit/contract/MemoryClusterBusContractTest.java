package io.mqttparty.testkit.contract;

import io.mqttparty.spi.Backend;

final class MemoryClusterBusContractTest extends ClusterBusContract {
    @Override
    protected Backend newBackend(Setup setup) {
        return MemoryBackends.of(setup);
    }
}
