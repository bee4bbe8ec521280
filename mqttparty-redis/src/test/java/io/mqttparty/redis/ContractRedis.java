package io.mqttparty.redis;

import io.mqttparty.model.Limits;
import io.mqttparty.redis.fixture.RespClient;
import io.mqttparty.redis.fixture.RespReply;
import io.mqttparty.redis.fixture.SharedRedis;
import io.mqttparty.spi.Backend;
import io.mqttparty.testkit.contract.BackendContract;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** Backends for the contracts, each with keys of its own, which are gone afterwards. */
final class ContractRedis {
    private static final Map<Backend, String> PREFIXES = new ConcurrentHashMap<>();

    private ContractRedis() {}

    static Backend open(BackendContract.Setup setup) {
        return open(setup, SharedRedis.uri(), Durability.AOF);
    }

    static Backend open(BackendContract.Setup setup, String uri, Durability durability) {
        return open(setup, RedisBackend.builder().uri(uri).durability(durability));
    }

    static Backend openResp2(BackendContract.Setup setup) {
        return open(setup, RedisBackend.builder().uri(SharedRedis.uri()).client(Resp2.client()));
    }

    private static Backend open(BackendContract.Setup setup, RedisBackendBuilder builder) {
        String prefix = "c" + UUID.randomUUID().toString().substring(0, 8) + ":";
        Backend backend = builder.keyPrefix(prefix)
                .limits(Limits.DEFAULTS.withQueueMessages(setup.queueMessages()).withQueueBytes(setup.queueBytes()))
                .build();
        PREFIXES.put(backend, prefix);
        return backend;
    }

    static void release(Backend backend) {
        try (RespClient client = SharedRedis.client()) {
            release(backend, client);
        }
    }

    static void release(Backend backend, RespClient client) {
        ((RedisBackend) backend).close();
        delete(PREFIXES.remove(backend), client);
    }

    private static void delete(String prefix, RespClient client) {
        String cursor = "0";
        do {
            List<RespReply> page = client.send("SCAN", cursor, "MATCH", prefix + "*", "COUNT", "1000")
                    .list();
            cursor = page.get(0).text();
            page.get(1).texts().forEach(key -> client.send("UNLINK", key));
        } while (!cursor.equals("0"));
    }

    /** Redis has a clock of its own: time passes as it passes. */
    static void elapse(Duration duration) {
        long end = System.nanoTime() + duration.toNanos();
        for (long rest = duration.toNanos(); rest > 0; rest = end - System.nanoTime()) {
            LockSupport.parkNanos(rest);
        }
    }
}
