package io.mqttparty.benchmarks.faults;

import io.mqttparty.MqttParty;
import io.mqttparty.netty.NettyTransport;
import io.mqttparty.redis.Durability;
import io.mqttparty.redis.RedisBackend;

/** A node in this process, for what needs no process to die. */
final class LocalNode implements AutoCloseable {
    private final RedisBackend redis;
    private final MqttParty broker;

    private LocalNode(RedisBackend redis, MqttParty broker) {
        this.redis = redis;
        this.broker = broker;
    }

    static LocalNode start(String name, String redisUri, Durability durability) {
        RedisBackend redis =
                RedisBackend.builder().uri(redisUri).durability(durability).build();
        MqttParty broker = MqttParty.builder()
                .listener(NettyTransport.tcp(0).host("127.0.0.1"))
                .nodeName(name)
                .backend(redis)
                .allowAnonymous()
                .build();
        try {
            broker.start().toCompletableFuture().join();
        } catch (RuntimeException e) {
            redis.close();
            throw e;
        }
        return new LocalNode(redis, broker);
    }

    int port() {
        return broker.port();
    }

    MqttParty broker() {
        return broker;
    }

    @Override
    public void close() {
        broker.close();
        redis.close();
    }
}
