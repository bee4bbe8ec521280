package io.mqttparty.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.redis.fixture.Fsync;
import io.mqttparty.redis.fixture.RedisServer;
import io.mqttparty.redis.fixture.RespClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What the operator is told of a server that does less than was asked for. */
final class ServerWarningsIT {
    private static final String LOST_AT_RESTART =
            "redis: appendonly is no: what was acknowledged is lost when Redis restarts";
    private static final String NO_REPLICA = "redis: no replica is connected: nothing is acknowledged until one is";
    private static final String CUT_OFF =
            "redis: min-replicas-to-write is 0: a primary that is cut off goes on acknowledging what the next one will not have";

    private static List<String> warnings(RedisServer server, Durability durability) {
        try (LogCapture log = new LogCapture();
                RedisBackend backend = RedisBackend.builder()
                        .uri(server.uri())
                        .durability(durability)
                        .build()) {
            backend.start()
                    .toCompletableFuture()
                    .orTimeout(20, TimeUnit.SECONDS)
                    .join();
            return log.warnings().stream()
                    .filter(each -> !each.startsWith("redis: mem_allocator"))
                    .toList();
        }
    }

    @Test
    void appendonlyNo_warnsUnlessMemoryWasChosen() {
        try (RedisServer server = RedisServer.start()) {
            assertThat(warnings(server, Durability.AOF)).containsExactly(LOST_AT_RESTART);
            assertThat(warnings(server, Durability.MEMORY)).isEmpty();
        }
    }

    @Test
    void appendonlyYes_nothingToSay() {
        try (RedisServer server =
                RedisServer.builder().appendOnly(Fsync.EVERYSEC).start()) {
            assertThat(warnings(server, Durability.AOF)).isEmpty();
        }
    }

    @Test
    void replicas_missingOrNotDemanded_warns() {
        try (RedisServer primary =
                RedisServer.builder().appendOnly(Fsync.EVERYSEC).start()) {
            assertThat(warnings(primary, Durability.REPLICA)).containsExactly(NO_REPLICA);

            try (RedisServer replica = RedisServer.builder().replicaOf(primary).start();
                    RespClient control = primary.client()) {
                Awaitility.await()
                        .atMost(Duration.ofSeconds(30))
                        .until(() -> control.info("replication")
                                .getOrDefault("slave0", "")
                                .contains("state=online"));
                assertThat(warnings(primary, Durability.REPLICA)).containsExactly(CUT_OFF);

                control.send("CONFIG", "SET", "min-replicas-to-write", "1");
                assertThat(warnings(primary, Durability.REPLICA)).isEmpty();
                assertThat(replica.isRunning()).isTrue();
            }
        }
    }

    @Test
    void allocator_otherThanJemalloc_warns() {
        try (RedisServer server = RedisServer.start();
                RespClient control = server.client();
                LogCapture log = new LogCapture();
                RedisBackend backend = RedisBackend.builder()
                        .uri(server.uri())
                        .durability(Durability.MEMORY)
                        .build()) {
            backend.start()
                    .toCompletableFuture()
                    .orTimeout(20, TimeUnit.SECONDS)
                    .join();

            String allocator = control.info("memory").get("mem_allocator");
            if (allocator.startsWith("jemalloc")) {
                assertThat(log.warnings()).isEmpty();
            } else {
                assertThat(log.warnings())
                        .singleElement()
                        .asString()
                        .startsWith("redis: mem_allocator is " + allocator + " (expected: jemalloc");
            }
        }
    }
}
