package io.mqttparty.redis;

import io.mqttparty.redis.internal.outbox.RedisOutbox;
import io.mqttparty.spi.Outbox;
import io.mqttparty.testkit.contract.OutboxContract;
import java.time.Duration;

final class RedisOutboxContractIT extends OutboxContract {
    private TestRedis redis;

    @Override
    protected Outbox newOutbox(Setup setup) {
        redis = TestRedis.open(setup.limits());
        return new RedisOutbox(redis.context());
    }

    @Override
    protected void release(Outbox outbox) {
        redis.close();
    }

    @Override
    protected void elapse(Duration duration) {
        ContractRedis.elapse(duration);
    }

    @Override
    protected Duration leaseTime() {
        return Duration.ofSeconds(2);
    }
}
