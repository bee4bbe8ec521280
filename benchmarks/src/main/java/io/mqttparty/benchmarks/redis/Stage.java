package io.mqttparty.benchmarks.redis;

import io.mqttparty.benchmarks.load.BrokerProcess;
import io.mqttparty.benchmarks.load.Processors;
import io.mqttparty.benchmarks.load.Program;
import io.mqttparty.redis.fixture.RedisServer;
import io.mqttparty.redis.fixture.RespClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** A Redis without persistence and a broker on it, each a process of its own, and a connection that looks at what Redis has spent. */
final class Stage implements AutoCloseable {
    /** More than a window of the load, which the default of 32 would cap. */
    private static final String RECEIVE_MAXIMUM = "128";

    private static final List<String> JVM_FLAGS =
            List.of("-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch", "-XX:+UseG1GC", "-XX:-UsePerfData");

    private final RedisServer redis;
    private final RespClient observer;
    private final BrokerProcess broker;

    private Stage(RedisServer redis, RespClient observer, BrokerProcess broker) {
        this.redis = redis;
        this.observer = observer;
        this.broker = broker;
    }

    /** Starts both. */
    static Stage start(Processors processors, List<String> jvmArguments) throws IOException {
        RedisServer redis = RedisServer.start();
        try {
            processors.pinOther(redis.pid());
            List<String> arguments = new ArrayList<>(JVM_FLAGS);
            arguments.addAll(jvmArguments);
            List<String> command = new ArrayList<>(processors.commandOfBroker());
            command.addAll(Program.java(arguments, RedisBrokerMain.class, redis.uri(), RECEIVE_MAXIMUM));
            return new Stage(redis, redis.client(), BrokerProcess.thatTellsItsPort(command));
        } catch (IOException | RuntimeException e) {
            redis.close();
            throw e;
        }
    }

    InetSocketAddress broker() {
        return broker.address();
    }

    int redisPort() {
        return redis.port();
    }

    /** What Redis has spent so far. */
    RedisUse redisUse() {
        return RedisUse.of(observer);
    }

    long brokerCpuNanos() throws IOException {
        return broker.program().cpuNanos();
    }

    /** Waits until the broker has no connection. */
    void awaitNoConnections() throws IOException {
        while (!broker.program().ask("connections").equals("0")) {
            Thread.onSpinWait();
        }
    }

    RespClient observer() {
        return observer;
    }

    @Override
    public void close() throws IOException {
        try (redis;
                observer) {
            broker.close();
        }
    }
}
