package io.mqttparty.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.mqttparty.MqttParty;
import io.mqttparty.netty.NettyTransport;
import io.mqttparty.redis.RedisBackend;
import io.mqttparty.redis.fixture.CutRelay;
import io.mqttparty.redis.fixture.RedisServer;
import io.mqttparty.spi.Outbox.ShardStatus;
import io.mqttparty.testkit.SocketPipe;
import io.mqttparty.testkit.TestClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Acknowledged when it is in Redis: what becomes of it when the backend is away and the node dies. */
@Tag("fault")
final class UplinkOutboxRedisIT {
    private static final int CLIENTS = 8;
    private static final int MESSAGES = 25;

    private final RedisServer redis = RedisServer.start();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Request> requests = Collections.synchronizedList(new ArrayList<>());
    private final HttpServer backend = backend();
    private final List<Node> nodes = new ArrayList<>();
    private volatile boolean down = true;

    private record Request(String client, String id, String body) {}

    private HttpServer backend() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(threads);
            server.createContext("/", this::handle);
            server.start();
            return server;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        boolean fails = down;
        if (!fails) {
            requests.add(new Request(
                    exchange.getRequestHeaders().getFirst("ce-clientid"),
                    exchange.getRequestHeaders().getFirst("ce-id"),
                    body));
        }
        exchange.sendResponseHeaders(fails ? 503 : 204, -1);
        exchange.close();
    }

    /** A node that reaches Redis through a relay. */
    private final class Node {
        private final CutRelay relay = CutRelay.to(redis.port());
        private final RedisBackend state =
                RedisBackend.builder().uri("redis://127.0.0.1:" + relay.port()).build();
        private final MqttParty broker = MqttParty.builder()
                .listener(NettyTransport.tcp(0).host("127.0.0.1").eventLoopThreads(1))
                .backend(state)
                .allowAnonymous()
                .extension(HttpUpstream.builder()
                        .route(HttpRoute.builder(
                                        "up/#",
                                        "http://127.0.0.1:"
                                                + backend.getAddress().getPort() + "/")
                                .acknowledge(AckPolicy.ON_OUTBOX)
                                .build())
                        .build())
                .build();

        Node() {
            broker.start().toCompletableFuture().join();
            nodes.add(this);
        }

        void die() {
            relay.refuse();
            relay.cutAll();
        }

        void close() {
            broker.close();
            state.close();
            relay.close();
        }
    }

    @AfterEach
    void close() {
        nodes.forEach(Node::close);
        backend.stop(0);
        threads.shutdownNow();
        redis.close();
    }

    private static long waiting(Node node) {
        return node.broker.outbox().status().toCompletableFuture().join().stream()
                .mapToLong(ShardStatus::messages)
                .sum();
    }

    @Test
    void backendDown_nodeDies_everythingAcknowledgedArrivesInOrder() {
        Node first = new Node();
        Map<String, List<String>> acknowledged = new HashMap<>();
        for (int c = 0; c < CLIENTS; c++) {
            String id = "device-" + c;
            try (TestClient client = TestClient.connected(SocketPipe.connect("127.0.0.1", first.broker.port()), id)) {
                for (int i = 0; i < MESSAGES; i++) {
                    client.published("up/x", "m" + i, 1 + i % 2);
                    acknowledged.computeIfAbsent(id, key -> new ArrayList<>()).add("m" + i);
                }
            }
        }
        Node second = new Node();
        assertThat(waiting(second)).isEqualTo(CLIENTS * MESSAGES);

        down = false;
        await().until(() -> requests.size() > CLIENTS); // it is at work
        first.die();

        await().atMost(Duration.ofSeconds(90)).until(() -> waiting(second) == 0);
        Map<String, LinkedHashSet<String>> arrived = new HashMap<>();
        Map<String, String> ids = new HashMap<>();
        synchronized (requests) {
            for (Request each : requests) {
                arrived.computeIfAbsent(each.client(), key -> new LinkedHashSet<>())
                        .add(each.body());
                String known = ids.putIfAbsent(each.client() + each.body(), each.id());
                assertThat(known).as("id of what came again").isIn(null, each.id());
            }
        }
        acknowledged.forEach(
                (client, bodies) -> assertThat(arrived.get(client)).as(client).containsExactlyElementsOf(bodies));
    }
}
