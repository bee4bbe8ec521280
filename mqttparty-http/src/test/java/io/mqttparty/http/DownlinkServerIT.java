package io.mqttparty.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mqttparty.MqttParty;
import io.mqttparty.http.RawHttp.Answer;
import io.mqttparty.http.spi.DownlinkCounter;
import io.mqttparty.model.MqttPartyException;
import io.mqttparty.netty.NettyTransport;
import io.mqttparty.testkit.ServerPacket;
import io.mqttparty.testkit.TestClient;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The server of the downlink on real sockets: what it serves, how it begins and how it ends. */
class DownlinkServerIT {
    @AutoClose
    private final ServedBroker served = ServedBroker.start();

    @Test
    void request_ofAnOrdinaryClient_deviceAnswers() {
        TestClient device = served.client("c");
        CompletableFuture<HttpResponse<String>> answer = served.send("POST", "/v1/clients/c/requests", "on?");
        ServerPacket.Publish asked = device.expect(ServerPacket.Publish.class);
        assertThat(asked.text()).isEqualTo("on?");

        device.published(asked.topic().replace("/requests/", "/replies/"), "on", 1);

        assertThat(answer).succeedsWithin(Duration.ofSeconds(20)).satisfies(response -> {
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("on");
            assertThat(response.headers().firstValue("date")).isPresent();
        });
    }

    @Test
    void message_waitsForPuback_isAnsweredWithIt() {
        TestClient device = served.persistent("c");
        CompletableFuture<HttpResponse<String>> answer =
                served.send("POST", "/v1/clients/c/messages?topic=t&wait=puback", "m");

        device.puback(device.expectPublish("t", "m", 1).packetId());

        assertThat(answer)
                .succeedsWithin(Duration.ofSeconds(20))
                .satisfies(response -> assertThat(response.body()).isEqualTo("{\"result\":\"delivered\"}"));
    }

    @Test
    void token_wrong_401AndTheBodyIsNotAskedFor() {
        try (RawHttp raw = served.raw()) {
            raw.send("POST /v1/messages?topic=t HTTP/1.1\nHost: x\nAuthorization: Bearer wrong\n"
                    + "Content-Length: 5\nExpect: 100-continue\n\n");

            Answer answer = raw.answer().has(401).closes();

            assertThat(answer.headers()).containsEntry("www-authenticate", "Bearer realm=\"mqttparty\"");
            raw.expectClosed();
        }
    }

    @Test
    void connection_isKept_forRequestsOneAfterTheOther() {
        try (RawHttp raw = served.raw()) {
            for (int i = 0; i < 3; i++) {
                raw.request("GET", "/livez", "");
                raw.answer().has(200).keeps();
                raw.request("POST", "/v1/clients/nobody/messages?topic=t", "x".repeat(1_000));
                raw.answer().has(404).keeps();
                raw.request("GET", "/nowhere", "");
                raw.answer().has(404).keeps();
            }
        }
        assertThat(served.server().count(DownlinkCounter.CONNECTIONS_OPENED)).isEqualTo(1);
        assertThat(served.server().count(DownlinkCounter.REQUESTS)).isEqualTo(9);
    }

    @Test
    void connection_refusedRequestWithABody_isKept() {
        try (RawHttp raw = served.raw()) {
            raw.send("POST /v1/messages?topic=t HTTP/1.1\nHost: x\nContent-Length: 5\n\nhello");
            raw.answer().has(401).keeps();
            raw.request("GET", "/livez", "");
            raw.answer().has(200);
        }
    }

    @Test
    void requests_pipelined_areAnsweredInTheirOrder() {
        TestClient device = served.client("c");
        try (RawHttp raw = served.raw()) {
            raw.send(RawHttp.head("POST", "/v1/clients/c/requests") + "Content-Length: 1\n\n1"
                    + RawHttp.head("GET", "/livez") + "\n"
                    + RawHttp.head("POST", "/v1/clients/nobody/requests") + "Content-Length: 0\n\n"
                    + RawHttp.head("POST", "/v1/clients/c/requests") + "Transfer-Encoding: chunked\n\n1\n2\n0\n\n");
            ServerPacket.Publish first = device.expect(ServerPacket.Publish.class);
            assertThat(first.text()).isEqualTo("1");
            assertThat(raw.isSilentFor(100)).isTrue();

            device.published(first.topic().replace("/requests/", "/replies/"), "one", 1);
            assertThat(raw.answer().has(200).body()).isEqualTo("one");
            assertThat(raw.answer().has(200).body()).isEqualTo("ok\n");
            raw.answer().has(404);
            ServerPacket.Publish second = device.expect(ServerPacket.Publish.class);
            device.published(second.topic().replace("/requests/", "/replies/"), "two", 1);
            assertThat(raw.answer().has(200).body()).isEqualTo("two");
        }
    }

    @Test
    void head_isAnsweredLikeGet_withoutTheBody() {
        try (RawHttp raw = served.raw()) {
            for (String target : List.of("/livez", "/v1/clients/nobody", "/v1/messages", "/nowhere")) {
                raw.request("GET", target, "");
                Answer answer = raw.answer();
                raw.request("HEAD", target, "");
                Answer head = raw.answerToHead().has(answer.status());

                assertThat(head.headers().get("content-length"))
                        .isEqualTo(answer.headers().get("content-length"));
            }
            raw.request("GET", "/livez", "");
            assertThat(raw.answer().has(200).body()).isEqualTo("ok\n");
        }
    }

    @Test
    void body_inChunks_isOneMessage() {
        TestClient device = served.client("c");
        try (RawHttp raw = served.raw()) {
            raw.send(RawHttp.head("POST", "/v1/clients/c/messages?topic=t")
                    + "Transfer-Encoding: chunked\n\n5\nhello\n6;x=y\n world\n0\nTrailer: x\n\n");
            raw.answer().has(200).keeps();
        }
        device.expectPublish("t", "hello world", 1);
    }

    @Test
    void body_afterContinue_isRead() {
        TestClient device = served.client("c");
        try (RawHttp raw = served.raw()) {
            raw.send(RawHttp.head("POST", "/v1/clients/c/messages?topic=t")
                    + "Content-Length: 5\nExpect: 100-continue\n\n");
            raw.answer().has(100);
            raw.send("hello");
            raw.answer().has(200).keeps();
        }
        device.expectPublish("t", "hello", 1);
    }

    @Test
    void connection_ofHttp10OrToBeClosed_isClosed() {
        try (RawHttp raw = served.raw()) {
            raw.send("GET /livez HTTP/1.0\n\n");
            raw.answer().has(200).closes();
            raw.expectClosed();
        }
        try (RawHttp raw = served.raw()) {
            raw.send("GET /livez HTTP/1.1\nHost: x\nConnection: close\n\n");
            raw.answer().has(200).closes();
            raw.expectClosed();
        }
    }

    @Test
    void target_inAbsoluteForm_isServed() {
        try (RawHttp raw = served.raw()) {
            raw.send("GET http://example.com/livez HTTP/1.1\nHost: example.com\n\n");
            raw.answer().has(200);
        }
    }

    @Test
    void caller_leavesWhileItWaits_callIsDropped() {
        served.client("c");
        try (RawHttp raw = served.raw()) {
            raw.request("POST", "/v1/clients/c/requests?topic=ask&replyTopic=stat&timeout=60", "");
            await().until(() -> served.now("POST", "/v1/clients/c/requests?topic=ask&replyTopic=stat&timeout=0.1", "")
                            .statusCode()
                    == 409);
        }
        await().untilAsserted(() ->
                assertThat(served.server().count(DownlinkCounter.CALLERS_GONE)).isPositive());
        assertThat(served.now("POST", "/v1/clients/c/requests?topic=ask&replyTopic=stat&timeout=0.1", "")
                        .statusCode())
                .isEqualTo(504);
    }

    // ---- begin and end ----

    @Test
    void start_portIsTaken_failsWithOneClearMessage() {
        try (MqttParty second = MqttParty.builder()
                .listener(NettyTransport.tcp(0).host("127.0.0.1"))
                .allowAnonymous()
                .extension(
                        DownlinkServer.of(DownlinkHandler.builder().token("t").build())
                                .port(served.server().port())
                                .build())
                .build()) {
            assertThatThrownBy(() -> second.start().toCompletableFuture().get(20, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOf(MqttPartyException.class)
                    .hasMessageContaining(
                            "http downlink on 127.0.0.1:" + served.server().port())
                    .hasMessageContaining("in use");
        }
    }

    @Test
    void stop_callerWaitsAndIsAnsweredInTime_getsTheAnswer() {
        TestClient device = served.client("c");
        CompletableFuture<HttpResponse<String>> answer = served.send("POST", "/v1/clients/c/requests", "");
        ServerPacket.Publish asked = device.expect(ServerPacket.Publish.class);
        RawHttp idle = served.raw().request("GET", "/livez", "");
        idle.answer().has(200).keeps();

        CompletableFuture<Void> stopped = served.broker().stop().toCompletableFuture();
        idle.expectClosed();
        assertThat(stopped).isNotDone();
        device.published(asked.topic().replace("/requests/", "/replies/"), "last words", 1);

        assertThat(answer).succeedsWithin(Duration.ofSeconds(20)).satisfies(response -> {
            assertThat(response.body()).isEqualTo("last words");
            assertThat(response.headers().firstValue("connection")).contains("close");
        });
        assertThat(stopped).succeedsWithin(Duration.ofSeconds(20));
        assertThatThrownBy(served::raw).hasMessageContaining("refused");
    }

    @Test
    void stop_callerWaitsForADeviceThatIsSilent_503() {
        TestClient device = served.client("c");
        CompletableFuture<HttpResponse<String>> answer = served.send("POST", "/v1/clients/c/requests?timeout=60", "");
        device.expect(ServerPacket.Publish.class);

        CompletableFuture<Void> stopped = served.broker().stop().toCompletableFuture();

        assertThat(answer)
                .succeedsWithin(Duration.ofSeconds(20))
                .satisfies(response -> assertThat(response.statusCode()).isEqualTo(503));
        assertThat(stopped).succeedsWithin(Duration.ofSeconds(20));
    }

    @Test
    void threads_ownOnes_endWithTheServer() {
        served.now("GET", "/livez", "");
        assertThat(threads()).isNotEmpty();

        served.close();

        await().untilAsserted(() -> assertThat(threads()).isEmpty());
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("mqttparty-http-downlink"))
                .toList();
    }

    @Test
    void eventLoops_thatAreGiven_stayOpen() throws Exception {
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try (ServedBroker given = ServedBroker.start(server -> server.eventLoops(group))) {
            assertThat(given.now("GET", "/livez", "").statusCode()).isEqualTo(200);
        }
        assertThat(group.isShuttingDown()).isFalse();
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).get();
        assertThatThrownBy(() -> ServedBroker.start(server -> server.eventLoops(group)))
                .hasMessageContaining("eventLoops");
    }

    @Test
    void builder_wrongValues_areRefusedAtOnce() {
        DownlinkServer.Builder builder =
                DownlinkServer.of(DownlinkHandler.builder().token("t").build());

        assertThatThrownBy(() -> builder.port(-1)).hasMessageContaining("port: -1");
        assertThatThrownBy(() -> builder.host(" ")).hasMessageContaining("host");
        assertThatThrownBy(() -> builder.connections(0)).hasMessageContaining("connections: 0");
        assertThatThrownBy(() -> builder.headerBytes(1)).hasMessageContaining("headerBytes: 1");
        assertThatThrownBy(() -> builder.requestTime(Duration.ZERO)).hasMessageContaining("requestTime");
        assertThatThrownBy(() -> builder.idleTime(Duration.ZERO)).hasMessageContaining("idleTime");
        builder.port(1);
        assertThatThrownBy(() -> builder.port(2)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void answers_toManyCallersOfOneDevice_eachItsOwn() {
        TestClient device = served.client("c");
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            answers.add(served.send("POST", "/v1/clients/c/requests", "q" + i));
        }
        List<ServerPacket.Publish> asked = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            asked.add(0, device.expect(ServerPacket.Publish.class));
        }
        asked.forEach(each -> device.published(
                each.topic().replace("/requests/", "/replies/"), each.text().replace('q', 'a'), 1));

        for (int i = 0; i < 20; i++) {
            String expected = "a" + i;
            assertThat(answers.get(i))
                    .succeedsWithin(Duration.ofSeconds(20))
                    .satisfies(response -> assertThat(response.body()).isEqualTo(expected));
        }
    }
}
