package io.mqttparty.redis;

import io.mqttparty.spi.Backend;
import io.mqttparty.testkit.contract.PresenceContract;
import java.time.Duration;

final class RedisPresenceContractIT extends PresenceContract {
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
