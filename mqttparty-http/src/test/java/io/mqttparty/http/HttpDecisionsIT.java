package io.mqttparty.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttparty.MqttParty;
import io.mqttparty.MqttPartyBuilder;
import io.mqttparty.http.DecisionBackend.Answer;
import io.mqttparty.http.spi.DecisionCounter;
import io.mqttparty.model.ClientId;
import io.mqttparty.model.ClientInfo;
import io.mqttparty.model.ProtocolVersion;
import io.mqttparty.netty.NettyTransport;
import io.mqttparty.spi.Authenticator;
import io.mqttparty.spi.Counter;
import io.mqttparty.spi.DropReason;
import io.mqttparty.testkit.SocketPipe;
import io.mqttparty.testkit.TestClient;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A broker that asks a backend who may connect, and what clients may do, over real sockets. */
final class HttpDecisionsIT {
    private static final Duration SHORT = Duration.ofMillis(400);

    private final DecisionBackend backend = new DecisionBackend();
    private final HttpAuthenticator authenticator = HttpAuthenticator.builder()
            .uri(backend.uri())
            .header("Authorization", "Bearer backend-secret")
            .timeout(SHORT)
            .build();
    private final HttpAuthorizer authorizer =
            HttpAuthorizer.builder().uri(backend.uri()).timeout(SHORT).build();
    private MqttParty broker = start(b -> b.extension(authenticator).extension(authorizer));

    private static MqttParty start(Consumer<MqttPartyBuilder> parts) {
        MqttPartyBuilder builder =
                MqttParty.builder().listener(NettyTransport.tcp(0).host("127.0.0.1"));
        parts.accept(builder);
        return builder.build().start().toCompletableFuture().join();
    }

    @AfterEach
    void stop() {
        broker.close();
        backend.close();
    }

    private TestClient connect(String user, String password) {
        return TestClient.connect(
                SocketPipe.connect("127.0.0.1", broker.port()),
                c -> c.clientId("d-" + user).username(user).password(password));
    }

    // ---- who may connect ----

    @ParameterizedTest
    @CsvSource({"200, 0", "204, 0", "401, 4", "403, 5", "500, 3", "404, 3", "429, 3"})
    void connect_answeredWithAStatus_connackSaysIt(int status, int returnCode) {
        backend.answers(body -> Answer.of(status));

        connect("anna", "geheim").expectConnack(returnCode, false);

        assertThat(backend.bodies())
                .singleElement()
                .asString()
                .startsWith(
                        "{\"action\":\"connect\",\"clientId\":\"d-anna\",\"username\":\"anna\",\"password\":\"geheim\","
                                + "\"remoteAddress\":\"127.0.0.1\"");
        assertThat(backend.authorizations()).containsExactly("Bearer backend-secret");
    }

    @Test
    void connect_answeredWithARedirect_isNotFollowed() {
        try (DecisionBackend other = new DecisionBackend()) {
            backend.answers(body -> new Answer(307, Map.of("location", other.uri())));

            connect("anna", "geheim").expectConnack(3, false);

            assertThat(other.bodies()).isEmpty();
        }
    }

    @Test
    void connect_notAnswered_isRefusedInTime() {
        backend.answers(body -> Answer.of(0));
        long begun = System.nanoTime();

        connect("anna", "geheim").expectConnack(3, false);

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isBetween(SHORT, SHORT.multipliedBy(8));
    }

    @Test
    void connect_backendIsGone_isRefusedAndTheNextOneIsAskedFor() {
        backend.close();
        connect("anna", "geheim").expectConnack(3, false);

        assertThat(authenticator.count(DecisionCounter.UNDECIDED)).isOne();
        assertThat(authenticator.count(DecisionCounter.REPEATED)).isOne();
        assertThat(broker.count(Counter.SPI_FAILURES)).isOne();
    }

    @Test
    void connect_answerMayBeKept_isAskedOnceForTheSamePasswordOnly() {
        backend.answers(body -> new Answer(
                body.contains("\"password\":\"geheim\"") ? 200 : 401, Map.of("Cache-Control", "private, max-age=60")));

        connect("anna", "geheim").expectConnack(0, false);
        connect("anna", "geheim").expectConnack(0, false);
        connect("anna", "falsch").expectConnack(4, false);
        connect("anna", "geheim").expectConnack(0, false);

        assertThat(backend.bodies()).hasSize(2);
        assertThat(authenticator.cached()).isEqualTo(2);
        assertThat(authenticator.count(DecisionCounter.CACHED)).isEqualTo(2);
    }

    @Test
    void connect_undecided_logShowsNoSecret() {
        CopyOnWriteArrayList<String> lines = new CopyOnWriteArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                lines.add(String.valueOf(entry.getMessage()));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger log = Logger.getLogger("io.mqttparty");
        log.addHandler(handler);
        try {
            backend.answers(body -> Answer.of(500));
            connect("anna", "geheim").expectConnack(3, false);
            backend.close();
            connect("bert", "geheim").expectConnack(3, false);
        } finally {
            log.removeHandler(handler);
        }

        assertThat(lines).hasSize(2).allMatch(line -> line.contains("authenticator failed for client d-"));
        assertThat(lines).noneMatch(line -> line.contains("geheim") || line.contains("backend-secret"));
    }

    // ---- what clients may do ----

    private void decide(String subject, int status) {
        backend.answers(body -> body.contains(subject)
                ? Answer.of(status)
                : new Answer(200, body.contains("\"connect\"") ? Map.of("Mqtt-Attribute-Tenant", "t1") : Map.of()));
    }

    @Test
    void attributes_ofTheAuthenticator_reachTheAuthorizer() {
        decide("none", 403);

        connect("anna", "geheim").expectConnack(0, false).published("a/b", "x", 1);

        assertThat(backend.bodies())
                .last()
                .isEqualTo("{\"action\":\"publish\",\"clientId\":\"d-anna\",\"username\":\"anna\","
                        + "\"attributes\":{\"tenant\":\"t1\"},\"topic\":\"a/b\"}");
    }

    @Test
    void publish_refused_isAcknowledgedAndGoesNowhere() {
        decide("\"topic\":\"a/no\"", 403);
        TestClient watcher = connect("watcher", "p").expectConnack(0, false).subscribed("a/#", 1);
        TestClient client = connect("anna", "geheim").expectConnack(0, false);

        client.published("a/no", "x", 1).published("a/yes", "y", 1);

        watcher.expectPublish("a/yes", "y", 1);
        assertThat(broker.count(DropReason.NOT_AUTHORIZED_TO_PUBLISH)).isOne();
    }

    @Test
    void publish_undecided_isNotAcknowledgedAndArrivesWhenItIsSentAgain() {
        decide("\"publish\"", 503);
        TestClient watcher = connect("watcher", "p").expectConnack(0, false).subscribed("a/#", 1);
        connect("anna", "geheim")
                .expectConnack(0, false)
                .publish("a/b", "x", 1, 1)
                .expectClosed();

        decide("\"publish\"", 200);
        connect("anna", "geheim").expectConnack(0, false).published("a/b", "x", 1);

        watcher.expectPublish("a/b", "x", 1);
        assertThat(broker.count(DropReason.NOT_AUTHORIZED_TO_PUBLISH)).isZero();
    }

    @Test
    void subscribe_eachFilterIsAskedFor_onlyWhatIsAllowedIsGranted() {
        backend.answers(
                body -> Answer.of(body.contains("\"topicFilter\":\"no/#\"") ? 403 : body.contains("odd") ? 500 : 200));

        connect("anna", "geheim")
                .expectConnack(0, false)
                .subscribe(7, Map.entry("yes/#", 2), Map.entry("no/#", 1), Map.entry("odd", 0))
                .expectSuback(7, 2, 128, 128);
    }

    @Test
    void publish_answerMayBeKept_isAskedOnce() {
        backend.answers(body -> new Answer(200, Map.of("Cache-Control", "max-age=60")));
        TestClient client = connect("anna", "geheim").expectConnack(0, false);

        for (int i = 0; i < 50; i++) {
            client.published("a/b", "x", 1);
        }

        assertThat(authorizer.count(DecisionCounter.REQUESTS)).isOne();
        assertThat(authorizer.count(DecisionCounter.CACHED)).isEqualTo(49);
    }

    // ---- life ----

    /** Our threads, and those that the clients of the JDK have themselves. */
    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(each -> each.getName().startsWith("mqttparty-http-")
                        || each.getName().startsWith("HttpClient-"))
                .collect(Collectors.toSet());
    }

    @Test
    void close_noThreadIsLeft() {
        broker.close();
        Set<Thread> before = threads();
        HttpAuthenticator other =
                HttpAuthenticator.builder().uri(backend.uri()).timeout(SHORT).build();
        broker = start(b -> b.extension(other));
        connect("anna", "geheim").expectConnack(0, false);
        assertThat(threads()).isNotEqualTo(before);

        broker.close();

        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            System.gc(); // before JDK 21 it is the collector that ends a client
            assertThat(before).containsAll(threads());
        });
        assertThat(other.count(DecisionCounter.YES)).isOne(); // it is still held
    }

    @Test
    void close_nothingIsAllowedAnyMore() {
        backend.answers(body -> new Answer(200, Map.of("Cache-Control", "max-age=60")));
        connect("anna", "geheim").expectConnack(0, false);

        broker.close();

        assertThat(authenticator.cached()).isZero();
        assertThat(authenticator.authenticate(new Authenticator.Request(
                        new ClientInfo(
                                ClientId.of("c"),
                                Optional.empty(),
                                ProtocolVersion.MQTT_3_1_1,
                                true,
                                0,
                                new InetSocketAddress(0),
                                "tcp",
                                Map.of()),
                        Optional.empty(),
                        List.of())))
                .isCompletedExceptionally();
        authenticator.close();
    }

    @Test
    void close_whatWasGivenStaysOpen() {
        broker.close();
        HttpClient client = HttpClient.newHttpClient();
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
        broker = start(b -> b.extension(HttpAuthenticator.builder()
                .uri(backend.uri())
                .httpClient(client)
                .scheduler(scheduler)
                .build()));
        connect("anna", "geheim").expectConnack(0, false);

        broker.close();

        assertThat(scheduler.isShutdown()).isFalse();
        scheduler.shutdown();
    }

    @Test
    void install_inASecondBroker_isRefused() {
        assertThatThrownBy(() -> MqttParty.builder().extension(authenticator))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("extension: HttpAuthenticator[")
                .hasMessageEndingWith("(expected: once, it is closed with its broker)");
        assertThatThrownBy(() -> MqttParty.builder().extension(authorizer))
                .hasMessageStartingWith("extension: HttpAuthorizer[");
    }

    // ---- the builder ----

    @Test
    void builder_badValues_areRefused() {
        HttpAuthorizer.Builder builder = HttpAuthorizer.builder();
        for (String uri : new String[] {
            "",
            "backend",
            "ftp://backend/x",
            "http:/x",
            "http://user:secret@backend/",
            "https://backend/#secret",
            "https://backend:65536/secret",
            "https://backend:0/secret",
            "http://a b/secret"
        }) {
            assertThatThrownBy(() -> builder.uri(uri))
                    .as(uri)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("uri: ")
                    .hasMessageNotContaining("secret");
        }
        assertThatThrownBy(() -> builder.header("x", "line\nsecret"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("header: x (expected: ")
                .hasMessageNotContaining("secret")
                .hasNoCause();
        assertThatThrownBy(() -> builder.header("Content-Type", "text/plain"))
                .hasMessage("header: Content-Type (expected: none that the bridge sets)");
        assertThatThrownBy(() -> builder.timeout(Duration.ofSeconds(5)))
                .hasMessage("timeout: PT5S (expected: PT0.1S to PT4.5S)");
        assertThatThrownBy(() -> builder.concurrency(0)).hasMessage("concurrency: 0 (expected: 1 to 10000)");
        assertThatThrownBy(() -> builder.waiting(-1)).hasMessage("waiting: -1 (expected: 0 to 1000000)");
        assertThatThrownBy(() -> builder.cacheEntries(-1)).hasMessage("cacheEntries: -1 (expected: 0 to 1000000)");
        assertThatThrownBy(() -> builder.cacheTime(Duration.ZERO))
                .hasMessage("cacheTime: PT0S (expected: PT1S to PT24H)");
        HttpClient follows = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.ALWAYS)
                .build();
        assertThatThrownBy(() -> builder.httpClient(follows)).hasMessageStartingWith("httpClient: follows redirects");
        assertThatThrownBy(builder::build).hasMessage("uri: not set (expected: where to ask)");
        builder.uri("https://backend/x");
        assertThatThrownBy(() -> builder.uri("https://backend/y")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void toString_showsTheAddressAlone() {
        try (HttpAuthenticator secret =
                HttpAuthenticator.builder().uri("http://h/x?key=secret").build()) {
            assertThat(secret).hasToString("HttpAuthenticator[http://h/x]");
        }
        assertThat(authenticator).hasToString("HttpAuthenticator[" + backend.uri() + "]");
        assertThat(authorizer).hasToString("HttpAuthorizer[" + backend.uri() + "]");
    }
}
