package io.mqttparty.testkit.contract;

import io.mqttparty.spi.Backend;

final class MemoryRouteLogContractTest extends RouteLogContract {
    @Override
    protected Backend newBackend(Setup setup) {
        return MemoryBackends.of(setup);
    }
}
