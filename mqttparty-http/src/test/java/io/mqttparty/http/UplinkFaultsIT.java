package io.mqttparty.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttparty.MqttParty;
import io.mqttparty.http.fixture.Http2Backend;
import io.mqttparty.http.fixture.RawBackend;
import io.mqttparty.http.fixture.TestCertificate;
import io.mqttparty.http.spi.HttpCounter;
import io.mqttparty.netty.NettyTransport;
import io.mqttparty.testkit.SocketPipe;
import io.mqttparty.testkit.TestClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Backends that are down, slow, broken or hostile, over real sockets: what is acknowledged has arrived, and nothing is lost. */
final class UplinkFaultsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final List<AutoCloseable> open = new ArrayList<>();
    private HttpUpstream upstream;
    private MqttParty broker;

    /** With a time-out of half a second. */
    private void start(String url, UnaryOperator<HttpRouteBuilder> route) {
        start(url, builder -> route.apply(builder.timeout(Duration.ofMillis(500))), builder -> builder);
    }

    private void start(String url, UnaryOperator<HttpRouteBuilder> route, UnaryOperator<HttpUpstreamBuilder> choice) {
        HttpRouteBuilder fast = HttpRoute.builder("up/#", url).backoff(Duration.ofMillis(20), Duration.ofMillis(100));
        upstream = choice.apply(HttpUpstream.builder()
                        .breaker(20, Duration.ofMillis(50), Duration.ofMillis(200))
                        .route(route.apply(fast).build()))
                .build();
        broker = MqttParty.builder()
                .listener(NettyTransport.tcp(0).host("127.0.0.1"))
                .allowAnonymous()
                .extension(upstream)
                .build();
        broker.start().toCompletableFuture().join();
    }

    private RawBackend backend(RawBackend.Behaviour behaviour) {
        return opened(RawBackend.start(behaviour));
    }

    private <T extends AutoCloseable> T opened(T resource) {
        open.add(resource);
        return resource;
    }

    private TestClient persistent(String id, boolean sessionPresent) {
        SocketPipe pipe = SocketPipe.connect("127.0.0.1", broker.port()).withDeadline(PATIENCE);
        return TestClient.connect(pipe, c -> c.clientId(id).cleanSession(false)).expectConnack(0, sessionPresent);
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    @Test
    void backend_downAtStart_isTriedUntilItIsThere() {
        int port = RawBackend.freePort();
        start("http://127.0.0.1:" + port + "/", route -> route);
        TestClient client = persistent("c", false).publish("up/x", "a", 1, 1);
        await().atMost(PATIENCE).until(() -> upstream.count(HttpCounter.CONNECTION_FAILURES) >= 2);
        client.expectNothing();

        RawBackend late = opened(RawBackend.start(port, exchange -> exchange.answer(204)));

        client.expectPuback(1);
        assertThat(late.bodies()).containsExactly("a");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void backend_diesWhileRequestsAreInFlight_nothingIsAcknowledgedAndTheDeviceSendsAgain(int qos) throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        RawBackend first = backend(exchange -> {
            arrived.countDown();
            exchange.hang();
        });
        start(first.url("/"), route -> route.deadline(Duration.ofSeconds(1)));
        TestClient client = persistent("c", false);
        for (int i = 1; i <= 5; i++) {
            client.publish("up/x", "m" + i, qos, i);
        }
        arrived.await();
        first.kill();
        client.expectClosed();

        RawBackend second = opened(RawBackend.start(first.port(), exchange -> exchange.answer(200)));
        TestClient again = persistent("c", true);
        for (int i = 1; i <= 5; i++) {
            again.publish("up/x", "m" + i, qos, false, i, true);
        }
        for (int i = 1; i <= 5; i++) {
            if (qos == 1) {
                again.expectPuback(i);
            } else {
                again.expectPubrec(i);
            }
        }
        assertThat(second.bodies()).containsExactly("m1", "m2", "m3", "m4", "m5");
        if (qos == 2) { // a backend that knows the keys has the effect once
            assertThat(first.requests())
                    .isNotEmpty()
                    .allMatch(each -> each.key().equals(second.requests().get(0).key()));
            again.pubrel(1).expectPubcomp(1);
        }
    }

    @Test
    void qos2_overTwoConnectionsWhileTheBackendAnswersLate_hasOneEffect() {
        AtomicBoolean works = new AtomicBoolean();
        Set<String> effects = new HashSet<>();
        RawBackend backend = backend(exchange -> {
            synchronized (effects) {
                effects.add(exchange.request().key());
            }
            if (works.get()) {
                exchange.answer(200);
            } else {
                exchange.hang();
            }
        });
        start(backend.url("/"), route -> route.deadline(Duration.ofMillis(600)));
        TestClient first = persistent("c", false).publish("up/x", "a", 2, 9);
        first.expectClosed();
        TestClient second = persistent("c", true).publish("up/x", "a", 2, false, 9, true);
        second.expectClosed();
        works.set(true);
        persistent("c", true)
                .publish("up/x", "a", 2, false, 9, true)
                .expectPubrec(9)
                .pubrel(9)
                .expectPubcomp(9);

        assertThat(backend.requests()).hasSizeGreaterThanOrEqualTo(3);
        assertThat(effects).hasSize(1);
    }

    @Test
    void backend_answers500ForAWhile_everythingArrivesInOrder() {
        AtomicLong until = new AtomicLong(Long.MAX_VALUE);
        RawBackend backend = backend(exchange -> {
            until.compareAndSet(Long.MAX_VALUE, System.nanoTime() + 1_000_000_000L);
            exchange.answer(System.nanoTime() < until.get() ? 500 : 200);
        });
        start(backend.url("/"), route -> route);
        List<TestClient> clients = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            TestClient client = persistent("c" + i, false);
            clients.add(client);
            for (int k = 1; k <= 3; k++) {
                client.publish("up/x", "c" + i + "-" + k, 1, k);
            }
        }
        clients.forEach(each -> each.expectPuback(1).expectPuback(2).expectPuback(3));

        assertThat(upstream.count(HttpCounter.DELIVERED)).isEqualTo(30);
        assertThat(upstream.count(HttpCounter.GIVEN_UP)).isZero();
        for (int i = 0; i < 10; i++) {
            String mine = "c" + i + "-";
            assertThat(backend.bodies().stream()
                            .filter(each -> each.startsWith(mine))
                            .distinct())
                    .containsExactly(mine + 1, mine + 2, mine + 3);
        }
        assertThat(backend.requests()).as("the breaker spares it").hasSizeLessThan(300);
    }

    @Test
    void backend_hangs_isTimedOutAndTheConnectionGivenUp() {
        RawBackend backend = backend(exchange -> {
            if (exchange.number() == 1) {
                exchange.hang();
            } else {
                exchange.answer(200);
            }
        });
        start(backend.url("/"), route -> route);
        persistent("c", false).publish("up/x", "a", 1, 1).expectPuback(1);

        assertThat(upstream.count(HttpCounter.TIMEOUTS)).isPositive();
        assertThat(backend.requests()).hasSizeGreaterThan(1);
        assertThat(backend.requests().stream().map(RawBackend.Received::key).distinct())
                .hasSize(1);
        await().atMost(PATIENCE).until(() -> backend.openConnections() == 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 OK\r\nX-Long: ", "HTTP/1.1 500 Bad\r\nContent-Length: 100\r\n\r\n"})
    void backend_answersByteByByte_isTimedOut(String head) {
        RawBackend backend = backend(exchange -> {
            if (exchange.number() > 1) {
                exchange.answer(200);
                return;
            }
            exchange.write(head);
            drip(exchange);
        });
        start(backend.url("/"), route -> route);
        persistent("c", false).publish("up/x", "a", 1, 1).expectPuback(1);

        assertThat(upstream.count(HttpCounter.REQUESTS)).isGreaterThan(1);
        await().atMost(PATIENCE).until(() -> backend.openConnections() == 1);
    }

    @Test
    void backend_answers2xxByteByByte_isTakenAtItsWord() {
        RawBackend backend = backend(exchange -> {
            exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
            drip(exchange);
        });
        start(backend.url("/"), route -> route.replyTopic("r"));
        persistent("c", false).publish("up/x", "a", 1, 1).expectPuback(1);

        assertThat(upstream.count(HttpCounter.REPLIES_LOST)).isEqualTo(1);
        await().atMost(PATIENCE).until(() -> backend.openConnections() == 0);
    }

    private static void drip(RawBackend.Exchange exchange) throws IOException, InterruptedException {
        for (int i = 0; i < 1_000; i++) {
            exchange.write("x");
            new CountDownLatch(1).await(50, TimeUnit.MILLISECONDS);
        }
    }

    @Test
    void backend_resetsAfterTheWholeRequest_isTriedAgainUnderTheSameKey() {
        RawBackend backend = backend(exchange -> {
            if (exchange.number() <= 2) {
                exchange.reset();
            } else {
                exchange.answer(200);
            }
        });
        start(backend.url("/"), route -> route);
        persistent("c", false).publish("up/x", "a", 1, 1).expectPuback(1);

        assertThat(upstream.count(HttpCounter.CONNECTION_FAILURES)).isGreaterThanOrEqualTo(2);
        assertThat(backend.requests().stream().map(RawBackend.Received::key).distinct())
                .hasSize(1);
    }

    @Test
    void backend_resetsWhileTheRequestIsSent_isTriedAgain() throws Exception {
        AtomicInteger accepted = new AtomicInteger();
        try (ServerSocket rude = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread thread = new Thread(() -> {
                while (!rude.isClosed()) {
                    try (Socket socket = rude.accept()) {
                        accepted.incrementAndGet();
                        socket.getInputStream().readNBytes(10);
                        socket.setSoLinger(true, 0);
                    } catch (IOException e) {
                        return;
                    }
                }
            });
            thread.setDaemon(true);
            thread.start();
            start("http://127.0.0.1:" + rude.getLocalPort() + "/", route -> route.deadline(Duration.ofSeconds(1)));
            persistent("c", false).publish("up/x", "a".repeat(100_000), 1, 1).expectClosed();
        }
        assertThat(accepted.get()).isGreaterThan(1);
        assertThat(upstream.count(HttpCounter.CONNECTION_FAILURES)).isGreaterThan(1);
        assertThat(upstream.count(HttpCounter.DELIVERED)).isZero();
    }

    @Test
    void backend_answers100Megabytes_isCutOff() throws Exception {
        AtomicLong written = new AtomicLong();
        CountDownLatch cut = new CountDownLatch(1);
        RawBackend backend = backend(exchange -> {
            exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n");
            byte[] part = new byte[10_000];
            try {
                for (int i = 0; i < 10_000; i++) {
                    exchange.out().write(part);
                    written.addAndGet(part.length);
                }
            } finally {
                cut.countDown();
            }
        });
        start(backend.url("/"), route -> route.replyTopic("r"), builder -> builder);
        persistent("c", false).publish("up/x", "a", 1, 1).expectPuback(1);

        cut.await();
        assertThat(written.get()).isLessThan(20_000_000);
        assertThat(upstream.count(HttpCounter.REPLIES_LOST)).isEqualTo(1);
        assertThat(backend.requests()).hasSize(1);
    }

    @Test
    void backend_redirects_isNotFollowed() {
        RawBackend other = backend(exchange -> exchange.answer(200));
        RawBackend backend = backend(exchange -> exchange.answer(307, "Location: " + other.url("/evil") + "\r\n", ""));
        start(backend.url("/"), route -> route);
        persistent("c", false).publish("up/x", "a", 1, 1).expectPuback(1);

        assertThat(upstream.count(HttpCounter.REFUSED)).isEqualTo(1);
        assertThat(other.connections()).isZero();
    }

    @Test
    void backend_closesEveryConnection_everythingArrives() {
        RawBackend backend = backend(exchange -> {
            exchange.answer(200);
            exchange.close();
        });
        start(backend.url("/"), route -> route);
        TestClient client = persistent("c", false);
        for (int i = 1; i <= 50; i++) {
            client.publish("up/x", "m" + i, 1, i).expectPuback(i);
        }

        assertThat(backend.bodies().stream().distinct()).hasSize(50);
        assertThat(upstream.count(HttpCounter.DELIVERED)).isEqualTo(50);
    }

    @Test
    void backend_keepsConnections_theyAreUsedAgain() {
        RawBackend backend = backend(exchange -> exchange.answer(200));
        start(backend.url("/"), route -> route);
        TestClient client = persistent("c", false);
        for (int i = 1; i <= 50; i++) {
            client.publish("up/x", "m" + i, 1, i).expectPuback(i);
        }

        assertThat(backend.connections()).isLessThanOrEqualTo(2); // one for each HTTP client
    }

    @Test
    void hostileClientId_onTheWire_changesOneSegment() {
        RawBackend backend = backend(exchange -> exchange.answer(200));
        start(backend.url("/v1/{clientId}/x?t={topic}"), route -> route);
        persistent("a/../b?x=#", false).publish("up/../é", "a", 1, 1).expectPuback(1);

        assertThat(backend.requests().get(0).target()).isEqualTo("/v1/a%2F..%2Fb%3Fx%3D%23/x?t=up%2F..%2F%C3%A9");
        assertThat(backend.requests().get(0).headers().get("host")).isEqualTo("127.0.0.1:" + backend.port());
    }

    @Test
    void backend_whoseHeadNeverEnds_isCutOff() {
        AtomicLong written = new AtomicLong();
        RawBackend backend = backend(exchange -> {
            if (exchange.number() > 1) {
                exchange.answer(200);
                return;
            }
            exchange.write("HTTP/1.1 200 OK\r\n");
            String line = "X-Long: " + "x".repeat(1_000) + "\r\n";
            for (int i = 0; i < 100_000; i++) {
                exchange.write(line);
                written.addAndGet(line.length());
            }
        });
        start(backend.url("/"), route -> route, builder -> builder);
        persistent("c", false).publish("up/x", "a", 1, 1).expectPuback(1);

        assertThat(written.get()).isLessThan(20_000_000);
        assertThat(upstream.count(HttpCounter.CONNECTION_FAILURES)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "http/1.1"})
    void https_speaksHttp2WhereItIsOffered(String protocol, @TempDir Path folder) throws Exception {
        TestCertificate certificate = TestCertificate.create(folder);
        Http2Backend backend = opened(Http2Backend.secure(10, 1, certificate, protocol));
        HttpClient client =
                HttpClient.newBuilder().sslContext(certificate.clientContext()).build();
        start(backend.url("/"), route -> route.unordered(50), builder -> builder.httpClient(client));
        TestClient device = persistent("c", false).publish("up/x", "m1", 1, 1).expectPuback(1);
        for (int k = 2; k <= 200; k++) {
            device.publish("up/x", "m" + k, 1, k);
        }
        for (int k = 2; k <= 200; k++) {
            device.expectPuback(k);
        }

        assertThat(backend.keys().stream().distinct()).hasSize(200);
        assertThat(backend.protocols()).isNotEmpty().containsOnly(protocol);
        assertThat(upstream.count(HttpCounter.RETRIES)).isZero();
        if (protocol.equals("h2")) {
            assertThat(backend.connections()).as("one for all").isEqualTo(1);
        }
    }

    @Test
    void https_withACertificateThatIsNotTrusted_deliversNothing(@TempDir Path folder) throws Exception {
        Http2Backend backend = opened(Http2Backend.secure(10, 1, TestCertificate.create(folder), "h2"));
        start(backend.url("/"), route -> route, builder -> builder);
        TestClient client = persistent("c", false).publish("up/x", "a", 1, 1);
        await().atMost(PATIENCE).until(() -> upstream.count(HttpCounter.CONNECTION_FAILURES) >= 2);

        client.expectNothing();
        assertThat(backend.keys()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"", "with a body"})
    void http2_with10StreamsAnd1000Messages_allArrive(String body) {
        Http2Backend backend = opened(new Http2Backend(10, 5).answering(body));
        start(
                backend.url("/"),
                route -> route.unordered(50).timeout(Duration.ofSeconds(10)),
                builder -> builder.cleartextHttp2().httpClients(1).inFlight(100));
        persistent("first", false).publish("up/x", "m0", 1, 1).expectPuback(1);
        List<TestClient> clients = new ArrayList<>();
        long began = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            TestClient client = persistent("c" + i, false);
            clients.add(client);
            for (int k = 1; k <= 50; k++) {
                client.publish("up/x", "m" + k, 1, k);
            }
        }
        for (TestClient each : clients) {
            for (int k = 1; k <= 50; k++) {
                each.expectPuback(k);
            }
        }

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(PATIENCE);
        assertThat(backend.keys().stream().distinct()).hasSize(1_001);
        assertThat(backend.mostInFlight()).isLessThanOrEqualTo(10 * backend.connections());
        assertThat(upstream.count(HttpCounter.DELIVERED)).isEqualTo(1_001);
        assertThat(upstream.count(HttpCounter.GIVEN_UP)).isZero();
        assertThat(upstream.count(HttpCounter.RETRIES))
                .as("a stream that is refused is no try")
                .isZero();
        assertThat(upstream.count(HttpCounter.STREAMS_REFUSED)).isPositive();
        assertThat(backend.connections()).as("one for all").isEqualTo(1);
    }
}
