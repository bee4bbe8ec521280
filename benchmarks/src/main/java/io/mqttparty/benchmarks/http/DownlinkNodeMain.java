package io.mqttparty.benchmarks.http;

import io.mqttparty.MqttParty;
import io.mqttparty.MqttPartyBuilder;
import io.mqttparty.http.DownlinkHandler;
import io.mqttparty.http.DownlinkServer;
import io.mqttparty.netty.NettyTransport;
import io.mqttparty.redis.RedisBackend;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A node with the downlink alone in a process: {@code DownlinkNodeMain [redis uri]}. It prints the ports of MQTT and of HTTP and serves until its
 * standard input ends.
 */
public final class DownlinkNodeMain {
    /** What callers send as their token. */
    static final String TOKEN = "benchmark";

    /** The longest that there is: what is measured is time, on machines that may be busy. */
    private static final Duration TIMEOUT = Duration.ofSeconds(4);

    private DownlinkNodeMain() {}

    /** Serves. */
    public static void main(String[] args) throws IOException {
        DownlinkServer http = DownlinkServer.of(
                        DownlinkHandler.builder().token(TOKEN).build())
                .port(0)
                .build();
        RedisBackend redis = args.length == 0
                ? null
                : RedisBackend.builder().uri(args[0]).commandTimeout(TIMEOUT).build();
        try (MqttParty broker = broker(http, redis)) {
            broker.start().toCompletableFuture().join();
            System.out.println(broker.port() + " " + http.port());
            System.out.flush();
            while (System.in.read() >= 0) {
                // nobody asks anything
            }
        } finally {
            if (redis != null) {
                redis.close();
            }
        }
    }

    private static MqttParty broker(DownlinkServer http, @Nullable RedisBackend redis) {
        MqttPartyBuilder builder = MqttParty.builder()
                .listener(NettyTransport.tcp(0).host("127.0.0.1"))
                .allowAnonymous()
                .extension(http);
        return redis == null ? builder.build() : builder.backend(redis).build();
    }
}
