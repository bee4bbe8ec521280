package io.mqttparty.examples;

import io.mqttparty.MqttParty;
import io.mqttparty.netty.NettyTransport;
import io.mqttparty.redis.RedisBackend;

/**
 * One node of a cluster: all that use the same Redis are one broker. Start it twice, with {@code -Dport=1883} and {@code -Dport=1884}: what is published
 * at one is delivered at the other, and a client whose node is gone goes on at the other, with its session.
 */
public final class ClusterExample implements AutoCloseable {
    private final RedisBackend redis;
    private final MqttParty broker;

    /** Starts a node on this port of the loopback address; 0 takes any free one. */
    public ClusterExample(String redisUri, int port) {
        redis = RedisBackend.builder().uri(redisUri).build();
        broker = MqttParty.builder()
                .listener(NettyTransport.tcp(port).host("127.0.0.1"))
                .backend(redis)
                .allowAnonymous()
                .build();
        broker.start().toCompletableFuture().join();
    }

    /** Starts it on the port 1883, with the Redis on this machine. */
    public static void main(String[] args) {
        ClusterExample node = new ClusterExample(
                System.getProperty("redis", "redis://127.0.0.1:6379"), Integer.getInteger("port", 1883));
        Runtime.getRuntime().addShutdownHook(new Thread(node::close));
        System.out.println("MQTT on port " + node.port());
    }

    int port() {
        return broker.port();
    }

    /** First the broker, then what it needs. */
    @Override
    public void close() {
        broker.close();
        redis.close();
    }
}
