package io.mqttparty.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.redis.fixture.RedisServer;
import io.mqttparty.redis.fixture.RespClient;
import io.mqttparty.spi.Backend;
import io.mqttparty.testkit.contract.ClusterBusContract;
import io.mqttparty.testkit.contract.RetainedStoreContract;
import io.mqttparty.testkit.contract.RouteLogContract;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The contracts with replies in the older protocol of Redis; for sessions see {@code RandomSessionsIT}. */
final class Resp2ContractsIT {
    @Test
    void client_ofTheOlderProtocol_neverSaysHello() {
        try (RedisServer server = RedisServer.start();
                RespClient control = server.client()) {
            try (RedisBackend backend = RedisBackend.builder()
                    .uri(server.uri())
                    .client(Resp2.client())
                    .build()) {
                backend.start()
                        .toCompletableFuture()
                        .orTimeout(20, TimeUnit.SECONDS)
                        .join();
                assertThat(control.commandCalls()).containsKey("info").doesNotContainKey("hello");
            }
            try (RedisBackend backend = RedisBackend.builder().uri(server.uri()).build()) {
                backend.start()
                        .toCompletableFuture()
                        .orTimeout(20, TimeUnit.SECONDS)
                        .join();
                assertThat(control.commandCalls()).containsKey("hello");
            }
        }
    }

    @Nested
    final class Routes extends RouteLogContract {
        @Override
        protected Backend newBackend(Setup setup) {
            return ContractRedis.openResp2(setup);
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

    @Nested
    final class Bus extends ClusterBusContract {
        @Override
        protected Backend newBackend(Setup setup) {
            return ContractRedis.openResp2(setup);
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

    @Nested
    final class Retained extends RetainedStoreContract {
        @Override
        protected Backend newBackend(Setup setup) {
            return ContractRedis.openResp2(setup);
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
}
