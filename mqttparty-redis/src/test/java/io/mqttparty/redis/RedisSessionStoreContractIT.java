package io.mqttparty.redis;

import io.mqttparty.spi.Backend;
import io.mqttparty.testkit.contract.SessionStoreContract;
import java.time.Duration;

final class RedisSessionStoreContractIT extends SessionStoreContract {
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

    /** Redis trims whole nodes of a stream, of 1,024 bytes. */
    @Override
    protected int overshoot() {
        return 100;
    }
}
