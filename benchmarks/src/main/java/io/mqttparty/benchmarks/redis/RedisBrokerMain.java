package io.mqttparty.benchmarks.redis;

import io.mqttparty.MqttParty;
import io.mqttparty.benchmarks.load.BrokerMain;
import io.mqttparty.model.Limits;
import io.mqttparty.netty.NettyTransport;
import io.mqttparty.redis.RedisBackend;
import java.io.IOException;
import java.time.Duration;

/** MQTTParty on Redis alone in a process: {@code RedisBrokerMain uri receive-maximum}; otherwise as {@link BrokerMain}. */
public final class RedisBrokerMain {
    /** The longest that there is: what is measured is the cost, on machines that may be busy. */
    private static final Duration TIMEOUT = Duration.ofSeconds(4);

    private RedisBrokerMain() {}

    /** Serves until standard input ends. */
    public static void main(String[] args) throws IOException {
        Limits limits = Limits.DEFAULTS.withReceiveMaximum(Integer.parseInt(args[1]));
        try (RedisBackend redis = RedisBackend.builder()
                        .uri(args[0])
                        .limits(limits)
                        .commandTimeout(TIMEOUT)
                        .build();
                MqttParty broker = MqttParty.builder()
                        .listener(NettyTransport.tcp(0).host("127.0.0.1"))
                        .backend(redis)
                        .allowAnonymous()
                        .limits(limits)
                        .build()) {
            BrokerMain.serve(broker);
        }
    }
}
