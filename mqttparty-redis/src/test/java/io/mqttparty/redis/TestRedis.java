package io.mqttparty.redis;

import io.mqttparty.model.Limits;
import io.mqttparty.redis.fixture.RedisServer;
import io.mqttparty.redis.fixture.RespClient;
import io.mqttparty.redis.fixture.RespReply;
import io.mqttparty.redis.fixture.SharedRedis;
import io.mqttparty.redis.internal.lane.RedisContext;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** A backend of a test with keys of its own, and a look at what it leaves in Redis. */
public final class TestRedis implements AutoCloseable {
    private final String prefix = "t" + UUID.randomUUID().toString().substring(0, 8) + ":";
    private final RedisBackend backend;
    private final RespClient client;

    private TestRedis(RedisBackendBuilder builder) {
        this(builder, SharedRedis.uri(), SharedRedis.client());
    }

    private TestRedis(RedisBackendBuilder builder, String uri, RespClient client) {
        this.client = client;
        this.backend =
                builder.uri(uri).keyPrefix(prefix).durability(Durability.MEMORY).build();
        await(backend.start());
    }

    public static TestRedis open() {
        return new TestRedis(RedisBackend.builder());
    }

    /** With the older protocol of Redis. */
    public static TestRedis openResp2() {
        return new TestRedis(RedisBackend.builder().client(Resp2.client()));
    }

    /** With these limits. */
    public static TestRedis open(Limits limits) {
        return new TestRedis(RedisBackend.builder().limits(limits));
    }

    /** On a server of the test's own, which it reaches at another address. */
    public static TestRedis open(RedisServer server, String uri) {
        return new TestRedis(RedisBackend.builder(), uri, server.client());
    }

    public RedisContext context() {
        return backend.context();
    }

    /** A connection for looking and breaking. */
    public RespClient client() {
        return client;
    }

    /** Its keys without the prefix, in their order. */
    public List<String> keys() {
        List<String> keys = new ArrayList<>();
        String cursor = "0";
        do {
            List<RespReply> page = client.send("SCAN", cursor, "MATCH", prefix + "*", "COUNT", "1000")
                    .list();
            cursor = page.get(0).text();
            page.get(1).texts().forEach(key -> keys.add(key.substring(prefix.length())));
        } while (!cursor.equals("0"));
        return keys.stream().distinct().sorted().toList();
    }

    /** A key with the prefix. */
    public String key(String name) {
        return prefix + name;
    }

    public static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        backend.close();
        keys().forEach(key -> client.send("UNLINK", key(key)));
        client.close();
    }
}
