package io.mqttparty.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.redis.fixture.RedisServer;
import io.mqttparty.redis.fixture.RespClient;
import io.mqttparty.spi.Backend;
import io.mqttparty.testkit.contract.SessionStoreContract;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** Sessions on a primary whose replica must have a write before it counts. */
@Tag("fault")
final class ReplicaSessionStoreContractIT extends SessionStoreContract {
    private static RedisServer primary;
    private static RedisServer replica;
    private static RespClient client;

    @BeforeAll
    static void start() {
        primary = RedisServer.start();
        replica = RedisServer.builder().replicaOf(primary).start();
        client = primary.client();
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() ->
                        client.info("replication").getOrDefault("slave0", "").contains("state=online"));
    }

    @AfterAll
    static void stop() {
        assertThat(client.info("commandstats").get("cmdstat_wait"))
                .as("WAIT was called")
                .isNotNull();
        client.close();
        replica.close();
        primary.close();
    }

    @Override
    protected Backend newBackend(Setup setup) {
        return ContractRedis.open(setup, primary.uri(), Durability.REPLICA);
    }

    @Override
    protected void release(Backend backend) {
        ContractRedis.release(backend, client);
    }

    @Override
    protected void elapse(Duration duration) {
        ContractRedis.elapse(duration);
    }

    @Override
    protected int overshoot() {
        return 100;
    }
}
