package io.mqttparty.redis;

import io.mqttparty.spi.Backend;
import io.mqttparty.testkit.contract.ClusterBusContract;
import java.time.Duration;

class RedisClusterBusContractIT extends ClusterBusContract {
    @Override
    protected Backend newBackend(Setup setup) {
        return ContractRedis.open(setup);
    }

    @Override
    protected void release(Backend backend) {
        ContractRedis.release(backend);
    }

    @Override
    protected void elapse(Duration duration) {
        ContractRedis.elapse(duration);
    }
}
