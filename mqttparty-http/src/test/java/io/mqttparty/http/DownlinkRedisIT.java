package io.mqttparty.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.redis.RedisBackend;
import io.mqttparty.redis.fixture.RedisServer;
import io.mqttparty.testkit.ServerPacket;
import io.mqttparty.testkit.TestClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The API of the first of three nodes on one Redis, for devices that are connected to others. */
class DownlinkRedisIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final RedisServer redis = RedisServer.start();
    private final List<RedisBackend> backends = new ArrayList<>();
    private final List<ServedBroker> nodes = new ArrayList<>();

    @BeforeEach
    void start() {
        for (int i = 0; i < 3; i++) {
            RedisBackend backend = RedisBackend.builder().uri(redis.uri()).build();
            String name = "n" + i;
            backends.add(backend);
            nodes.add(ServedBroker.start(
                    server -> {}, parts -> parts.backend(backend).nodeName(name)));
        }
    }

    @AfterEach
    void stop() {
        nodes.forEach(ServedBroker::close);
        backends.forEach(RedisBackend::close);
        redis.close();
    }

    private CompletableFuture<HttpResponse<String>> post(String target, String body) {
        return nodes.get(0).send("POST", target, body);
    }

    private static void assertAnswer(CompletableFuture<HttpResponse<String>> answer, int status, String part) {
        assertThat(answer).succeedsWithin(SOON).satisfies(response -> {
            assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
            assertThat(response.body()).contains(part);
        });
    }

    private static String replyTopic(ServerPacket.Publish request) {
        return request.topic().replace("/requests/", "/replies/");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void message_deviceOnAnotherNode_answersWithItsPuback(boolean persistent) {
        TestClient device =
                persistent ? nodes.get(1).persistent("c") : nodes.get(1).client("c");
        CompletableFuture<HttpResponse<String>> answer = post("/v1/clients/c/messages?topic=t&wait=puback", "m");

        device.puback(device.expectPublish("t", "m", 1).packetId());

        assertAnswer(answer, 200, "delivered");
    }

    @Test
    void message_deviceIsAway_waitsForItOnWhicheverNode() {
        nodes.get(1).persistent("c").disconnect().expectClosed();

        assertAnswer(post("/v1/clients/c/messages?topic=t", "m"), 202, "queued");
        assertAnswer(post("/v1/clients/c/messages?topic=t&offline=fail", "no"), 409, "offline");
        assertAnswer(post("/v1/clients/nobody/messages?topic=t", "no"), 404, "unknown-client");

        TestClient device = nodes.get(2).resumed("c");
        device.expectPublish("t", "m", 1);
        device.expectNothing();
    }

    @Test
    void message_deviceIsSilent_504AndQueued() {
        nodes.get(1).persistent("c");

        assertAnswer(post("/v1/clients/c/messages?topic=t&wait=puback&timeout=0.5", "m"), 504, "\"queued\":true");

        nodes.get(2).resumed("c").expectPublish("t", "m", 1);
    }

    @Test
    void request_deviceOnAnotherNode_replyComesBack() {
        TestClient device = nodes.get(1).client("c");
        CompletableFuture<HttpResponse<String>> answer = post("/v1/clients/c/requests", "on?");
        ServerPacket.Publish asked = device.expect(ServerPacket.Publish.class);
        assertThat(asked.text()).isEqualTo("on?");

        device.published(replyTopic(asked), "on", 1);

        assertAnswer(answer, 200, "on");
    }

    @Test // asked through the first node, got it on the second, answers through the third
    void request_deviceMovesBeforeItAnswers_replyComesBack() {
        TestClient device = nodes.get(1).persistent("c");
        CompletableFuture<HttpResponse<String>> answer = post("/v1/clients/c/requests?timeout=30", "on?");
        ServerPacket.Publish asked = device.expect(ServerPacket.Publish.class);
        device.puback(asked.packetId()).disconnect().expectClosed();

        nodes.get(2).resumed("c").published(replyTopic(asked), "on", 1);

        assertAnswer(answer, 200, "on");
    }

    @Test
    void requests_ofTwoNodesAtOnce_areNotMixedUp() {
        TestClient device = nodes.get(1).persistent("c");
        CompletableFuture<HttpResponse<String>> first = post("/v1/clients/c/requests", "1");
        CompletableFuture<HttpResponse<String>> second = nodes.get(2).send("POST", "/v1/clients/c/requests", "2");
        for (int i = 0; i < 2; i++) {
            ServerPacket.Publish asked = device.expect(ServerPacket.Publish.class);
            device.puback(asked.packetId()).published(replyTopic(asked), "answer to " + asked.text(), 1);
        }

        assertAnswer(first, 200, "answer to 1");
        assertAnswer(second, 200, "answer to 2");
    }

    @Test
    void client_ofAnotherNode_isShownListedAndDisconnected() {
        TestClient device = nodes.get(1).persistent("c");

        assertThat(nodes.get(0).now("GET", "/v1/clients/c", "").body()).contains("\"node\":\"n1.");
        assertThat(nodes.get(0).now("GET", "/v1/clients", "").body()).contains("\"clientId\":\"c\"");
        assertThat(nodes.get(0).now("GET", "/v1/clients?after=rubbish", "").statusCode())
                .isEqualTo(400);
        assertThat(nodes.get(0).now("DELETE", "/v1/clients/c", "").body()).contains("\"disconnected\"");

        device.expectClosed();
    }

    @Test // who waits hears of it within seconds, and the other nodes are as before
    void redis_isGone_503() {
        nodes.get(1).persistent("c");
        redis.kill();

        assertAnswer(post("/v1/clients/c/messages?topic=t", "m"), 503, "unavailable");
        assertAnswer(nodes.get(0).send("GET", "/livez", ""), 200, "ok");
    }
}
