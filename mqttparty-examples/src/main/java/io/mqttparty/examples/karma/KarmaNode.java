package io.mqttparty.examples.karma;

import io.mqttparty.MqttParty;
import io.mqttparty.MqttPartyBuilder;
import io.mqttparty.examples.LogLine;
import io.mqttparty.http.DownlinkHandler;
import io.mqttparty.http.DownlinkServer;
import io.mqttparty.http.HttpRoute;
import io.mqttparty.http.HttpUpstream;
import io.mqttparty.netty.NettyTransport;
import io.mqttparty.netty.ProxyProtocol;
import io.mqttparty.redis.RedisBackend;
import java.util.Optional;

/**
 * One node: MQTT for the devices, HTTP for the backend, everything that matters in Redis. All nodes are the same; a load balancer stands in front.
 *
 * <pre>
 * --mqtt-port N        0: any free one
 * --http-port N        of the downlink, 0: any free one
 * --backend URL        where heartbeats and logins go
 * --redis URI          without it, everything is in memory
 * --proxy-from NET     the load balancer, which sends PROXY headers
 * </pre>
 *
 * <p>{@code KARMA_TOKEN} in the environment is what the backend must send to the downlink.
 */
public final class KarmaNode implements AutoCloseable {
    private final MqttParty broker;
    private final DownlinkServer downlink;
    private final Optional<RedisBackend> redis;

    private KarmaNode(MqttParty broker, DownlinkServer downlink, Optional<RedisBackend> redis) {
        this.broker = broker;
        this.downlink = downlink;
        this.redis = redis;
    }

    /** Runs one until the process is told to end. */
    public static void main(String[] args) throws Exception {
        LogLine.install();
        Arguments.run(() -> {
            Arguments given = new Arguments(args, "mqtt-port", "http-port", "backend", "redis", "proxy-from");
            NettyTransport mqtt =
                    NettyTransport.tcp(given.number("mqtt-port", 0)).host("127.0.0.1");
            String proxies = given.text("proxy-from", "");
            KarmaNode node = start(
                    proxies.isEmpty() ? mqtt : mqtt.proxyProtocol(ProxyProtocol.from(proxies)),
                    given.number("http-port", 0),
                    given.text("backend", ""),
                    System.getenv().getOrDefault("KARMA_TOKEN", ""),
                    Optional.of(given.text("redis", "")).filter(uri -> !uri.isEmpty()));
            Runtime.getRuntime().addShutdownHook(new Thread(node::close, "karma-drain"));
            System.out.println("node ready mqtt=" + node.mqttPort() + " http=" + node.httpPort());
        });
    }

    /** Starts one, and waits until it serves. */
    static KarmaNode start(
            NettyTransport mqtt, int httpPort, String backendUrl, String token, Optional<String> redisUri) {
        HttpUpstream uplink = HttpUpstream.builder()
                .route(HttpRoute.builder("karma/+/heartbeat", backendUrl + "/heartbeats/{clientId}")
                        .build())
                .route(HttpRoute.builder("karma/+/login", backendUrl + "/logins/{clientId}")
                        .replyTopic("karma/{clientId}/login/answer")
                        .build())
                .build();
        DownlinkServer downlink = DownlinkServer.of(
                        DownlinkHandler.builder().token(token).build())
                .port(httpPort)
                .build();
        Optional<RedisBackend> redis =
                redisUri.map(uri -> RedisBackend.builder().uri(uri).build());
        MqttPartyBuilder builder = MqttParty.builder()
                .listener(mqtt)
                .allowAnonymous()
                .extension(uplink)
                .extension(downlink);
        redis.ifPresent(builder::backend);
        MqttParty broker = builder.build();
        broker.start().toCompletableFuture().join();
        return new KarmaNode(broker, downlink, redis);
    }

    int mqttPort() {
        return broker.port();
    }

    int httpPort() {
        return downlink.port();
    }

    @Override
    public void close() {
        broker.close();
        redis.ifPresent(RedisBackend::close);
    }
}
