package io.mqttparty.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import io.mqttparty.model.MqttPartyException;
import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicName;
import io.mqttparty.redis.fixture.RedisServer;
import io.mqttparty.redis.fixture.RespClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.AbstractThrowableAssert;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** How a backend is wired, and to which servers it says no. */
final class RedisBackendIT {
    private static final Message RETAINED =
            Message.of("t", "kept", QoS.AT_LEAST_ONCE).withRetain(true);

    private static void start(RedisBackend backend) {
        backend.start().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }

    private static void assertServes(RedisBackend backend) {
        start(backend);
        backend.retained().put(RETAINED, Optional.empty()).toCompletableFuture().join();
        assertThat(backend.retained()
                        .exact(TopicName.of("t"))
                        .toCompletableFuture()
                        .join())
                .contains(RETAINED);
    }

    private static AbstractThrowableAssert<?, ?> assertRefused(String uri) {
        try (RedisBackend backend = RedisBackend.builder().uri(uri).build()) {
            return assertThatThrownBy(() -> start(backend))
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .isInstanceOf(MqttPartyException.class);
        }
    }

    // ---- servers that will do ----

    @Test
    void start_plain_servesAndSetsWhatSavesMemory() {
        try (RedisServer server = RedisServer.start();
                RedisBackend backend = RedisBackend.builder().uri(server.uri()).build();
                RespClient control = server.client()) {
            assertServes(backend);

            assertThat(backend.name()).isEqualTo("redis");
            boolean jemalloc = control.info("memory").get("mem_allocator").startsWith("jemalloc");
            assertThat(control.config("stream-node-max-bytes")).isEqualTo(jemalloc ? "1024" : "4096");
            assertThat(control.config("hash-max-listpack-value")).isEqualTo("512");
        }
    }

    @Test
    void scripts_areKnownBeforeTheirFirstCall_alsoToAServerThatIsNew() {
        try (RedisServer server = RedisServer.start();
                RedisBackend backend = RedisBackend.builder().uri(server.uri()).build()) {
            assertServes(backend);
            try (RespClient control = server.client()) {
                assertThat(control.commandCalls()).containsKey("evalsha").doesNotContainKey("eval");
            }

            server.kill();
            server.restart();

            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .ignoreExceptions()
                    .untilAsserted(() -> assertServes(backend));
            try (RespClient control = server.client()) {
                assertThat(control.commandCalls()).containsKey("evalsha").doesNotContainKey("eval");
            }
        }
    }

    @Test
    void start_twice_connectsOnce() {
        try (RedisServer server = RedisServer.start();
                RedisBackend backend = RedisBackend.builder().uri(server.uri()).build();
                RespClient control = server.client()) {
            start(backend);
            String connections = control.info("stats").get("total_connections_received");
            start(backend);

            assertThat(control.info("stats").get("total_connections_received")).isEqualTo(connections);
        }
    }

    @Test
    void start_password_needsIt() {
        try (RedisServer server = RedisServer.builder().password("secret").start()) {
            assertRefused("redis://127.0.0.1:" + server.port()).hasMessageContaining("redis: ");
            try (RedisBackend backend = RedisBackend.builder()
                    .uri("redis://:secret@127.0.0.1:" + server.port())
                    .build()) {
                assertServes(backend);
            }
        }
    }

    @Test
    void start_user_needsNameAndPassword() {
        try (RedisServer server = RedisServer.builder()
                .user("broker", "secret", "~*", "&*", "+@all")
                .start()) {
            assertRefused("redis://broker:wrong@127.0.0.1:" + server.port());
            try (RedisBackend backend = RedisBackend.builder()
                    .uri("redis://broker:secret@127.0.0.1:" + server.port())
                    .build()) {
                assertServes(backend);
            }
        }
    }

    @Test
    void start_settingsMayNotBeAsked_servesAllTheSame() {
        try (RedisServer server = RedisServer.builder()
                .user("broker", "secret", "~*", "&*", "+@all", "-config")
                .start()) {
            try (RedisBackend backend = RedisBackend.builder()
                    .uri("redis://broker:secret@127.0.0.1:" + server.port())
                    .build()) {
                assertServes(backend);
            }
        }
    }

    @Test
    void start_tls_withAClientThatTrustsIt_servesAndLeavesTheClientOpen() {
        try (RedisServer server = RedisServer.builder().tls().start()) {
            RedisClient client = RedisClient.create();
            client.setOptions(ClientOptions.builder()
                    .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                    .sslOptions(SslOptions.builder()
                            .trustManager(server.certificate()
                                    .orElseThrow()
                                    .certificate()
                                    .toFile())
                            .build())
                    .build());
            RedisURI uri = RedisURI.create("rediss://127.0.0.1:" + server.port());
            try (RedisBackend backend =
                    RedisBackend.builder().client(client).uri(uri).build()) {
                assertServes(backend);
            }

            assertThat(client.connect(uri).sync().ping()).isEqualTo("PONG");
            client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
        }
    }

    @Test
    void start_tlsThatNobodyTrusts_isRefused() {
        try (RedisServer server = RedisServer.builder().tls().start()) {
            assertRefused("rediss://127.0.0.1:" + server.port()).hasMessageStartingWith("redis: cannot be reached: ");
        }
    }

    @Test
    void prefixes_twoOnOneServer_areTwoBrokers() {
        try (RedisServer server = RedisServer.start();
                RedisBackend one = RedisBackend.builder()
                        .uri(server.uri())
                        .keyPrefix("one:")
                        .build();
                RedisBackend two = RedisBackend.builder()
                        .uri(server.uri())
                        .keyPrefix("two:")
                        .build()) {
            assertServes(one);
            start(two);

            assertThat(two.retained()
                            .exact(TopicName.of("t"))
                            .toCompletableFuture()
                            .join())
                    .isEmpty();
            assertThat(two.cluster()
                            .presence()
                            .locate(List.of(ClientId.of("a")))
                            .toCompletableFuture()
                            .join())
                    .isEmpty();
        }
    }

    // ---- servers that will not ----

    @Test
    void start_nobodyThere_isRefusedInWords() {
        int port;
        try (RedisServer server = RedisServer.start()) {
            port = server.port();
        }
        assertRefused("redis://127.0.0.1:" + port).hasMessageStartingWith("redis: cannot be reached: ");
    }

    @Test
    void start_policyThatEvicts_isRefused() {
        try (RedisServer server =
                RedisServer.builder().option("maxmemory-policy", "allkeys-lru").start()) {
            assertRefused(server.uri())
                    .hasMessageStartingWith("redis: maxmemory-policy allkeys-lru (expected: noeviction");
        }
    }

    @Test
    void start_cluster_isRefused() {
        try (RedisServer server = RedisServer.builder().clusterEnabled().start()) {
            assertRefused(server.uri())
                    .hasMessage(
                            "redis: cluster mode (expected: standalone or Sentinel; Redis Cluster is not supported yet)");
        }
    }

    @Test
    void start_replica_isRefused() {
        try (RedisServer primary = RedisServer.start();
                RedisServer replica = RedisServer.builder().replicaOf(primary).start()) {
            assertRefused(replica.uri()).hasMessageStartingWith("redis: is a replica (expected: the primary");
        }
    }

    // ---- the builder ----

    @Test
    void builder_wrong_saysWhat() {
        assertThatThrownBy(() -> RedisBackend.builder().build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("uri: not set");
        assertThatThrownBy(() -> RedisBackend.builder().keyPrefix("{x}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("keyPrefix: {x}");
        assertThatThrownBy(() -> RedisBackend.builder().lanes(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("lanes: 0 (expected: 1 to 16)");
        assertThatThrownBy(() -> RedisBackend.builder().commandTimeout(Duration.ofSeconds(5)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RedisBackend.builder().uri("http://x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RedisBackend.builder().uri("redis://127.0.0.1").uri("redis://127.0.0.1"))
                .isInstanceOf(IllegalStateException.class);
    }
}
