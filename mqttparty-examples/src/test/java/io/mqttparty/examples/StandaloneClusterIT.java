package io.mqttparty.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.redis.fixture.RedisServer;
import io.mqttparty.testkit.ServerPacket;
import io.mqttparty.testkit.SocketPipe;
import io.mqttparty.testkit.TestClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two of the jar on one Redis, as whoever runs them sees them. */
class StandaloneClusterIT {
    private static final Pattern READY =
            Pattern.compile("mqttparty ready node=(\\S+) mqtt=(\\d+) http=(\\d+|-) ws=- tls=- backend=redis");

    private final RedisServer redis = RedisServer.start();

    @TempDir
    Path directory;

    @AfterEach
    void stop() {
        redis.close();
    }

    @Test
    void nodeOfTheSubscriberKilled_persistentSession_resumesAtTheOther() {
        try (Program one = node("one");
                Program two = node("two")) {
            int portOne = port(one);
            int portTwo = port(two);
            TestClient device = persistent(portOne).expectConnack(0, false);
            device.subscribed("room/#", 1);
            TestClient backend = TestClient.connected(SocketPipe.connect("127.0.0.1", portTwo), "backend");
            backend.published("room/1", "live", 1);
            device.puback(device.expectPublish("room/1", "live", 1).packetId());

            one.kill();
            backend.published("room/1", "queued 1", 1).published("room/1", "queued 2", 1);

            TestClient resumed = persistent(portTwo).expectConnack(0, true);
            ServerPacket.Publish first = resumed.expect(ServerPacket.Publish.class);
            if (first.text().equals("live")) { // its PUBACK had not reached Redis yet
                assertThat(first.dup()).isTrue();
                first = resumed.expect(ServerPacket.Publish.class);
            }
            assertThat(first.text()).isEqualTo("queued 1");
            resumed.expectPublish("room/1", "queued 2", 1);
            device.close();
            resumed.close();
            backend.close();
            assertThat(two.err()).noneMatch(line -> line.contains("Exception"));
        }
    }

    @Test // the backend asks the other node
    void request_overHttp_deviceOnTheOtherNodeAnswers() {
        try (Program one = node("one", "--http-port=0", "--downlink-token=secret");
                Program two = node("two", "--http-port=0", "--downlink-token=secret");
                TestClient device = persistent(port(one)).expectConnack(0, false)) {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + httpPort(two) + "/v1/clients/device/requests"))
                    .header("Authorization", "Bearer secret")
                    .POST(HttpRequest.BodyPublishers.ofString("temperature?"))
                    .build();
            CompletableFuture<HttpResponse<String>> answer =
                    HttpClient.newHttpClient().sendAsync(request, HttpResponse.BodyHandlers.ofString());
            ServerPacket.Publish asked = device.expect(ServerPacket.Publish.class);
            assertThat(asked.text()).isEqualTo("temperature?");

            device.puback(asked.packetId()).published(asked.topic().replace("/requests/", "/replies/"), "21.5", 1);

            assertThat(answer).succeedsWithin(Duration.ofSeconds(20)).satisfies(response -> {
                assertThat(response.statusCode()).isEqualTo(200);
                assertThat(response.body()).isEqualTo("21.5");
            });
        }
    }

    @Test
    void noRedis_oneLineAndExit1() throws Exception {
        int port = redis.port();
        redis.close();
        try (Program program = Program.standalone(
                directory, Map.of(), "--redis", "redis://127.0.0.1:" + port, "--mqtt-port", "0", "--allow-anonymous")) {
            assertThat(program.exitCode()).isEqualTo(1);
            assertThat(program.err()).hasSize(1);
            assertThat(program.err().get(0)).startsWith("mqttparty: redis: cannot be reached: ");
            assertThat(program.out()).isEmpty();
        }
    }

    @Test
    void redisOfAClusterMode_oneLineAndExit1() throws Exception {
        try (RedisServer cluster = RedisServer.builder().clusterEnabled().start();
                Program program = Program.standalone(
                        directory, Map.of(), "--redis", cluster.uri(), "--mqtt-port", "0", "--allow-anonymous")) {
            assertThat(program.exitCode()).isEqualTo(1);
            assertThat(program.err())
                    .containsExactly(
                            "mqttparty: redis: cluster mode (expected: standalone or Sentinel; Redis Cluster is not supported yet)");
        }
    }

    @Test
    void sigterm_onRedis_exit0() throws Exception {
        try (Program node = node("one")) {
            port(node);
            assertThat(node.terminate().exitCode()).isZero();
        }
    }

    private Program node(String name, String... more) {
        try {
            Path own = Files.createDirectory(directory.resolve(name));
            List<String> options = new ArrayList<>(List.of("--mqtt-port=0", "--node-id=" + name, "--allow-anonymous"));
            options.addAll(List.of(more));
            return Program.standalone(own, Map.of("MQTTPARTY_REDIS", redis.uri()), options.toArray(String[]::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int port(Program program) {
        return port(program, 2);
    }

    private static int httpPort(Program program) {
        return port(program, 3);
    }

    private static int port(Program program, int group) {
        Matcher ready = READY.matcher(program.firstLine());
        assertThat(ready.matches()).as(program.firstLine()).isTrue();
        return Integer.parseInt(ready.group(group));
    }

    private static TestClient persistent(int port) {
        return TestClient.connect(
                SocketPipe.connect("127.0.0.1", port), c -> c.clientId("device").cleanSession(false));
    }
}
