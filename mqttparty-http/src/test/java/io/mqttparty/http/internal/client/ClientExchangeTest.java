package io.mqttparty.http.internal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.mqttparty.http.fixture.Http2Backend;
import io.mqttparty.http.fixture.RawBackend;
import io.mqttparty.http.fixture.RawBackend.Behaviour;
import io.mqttparty.model.Payload;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers are told as soon as they are whole, on threads of the client, and once. */
final class ClientExchangeTest {
    private static final int THREADS = 2;
    private static final long PATIENCE_SECONDS = 30;

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, new DaemonThreads("test"));
    private final ScheduledExecutorService timers = ExecutorTimers.newExecutor();
    private final HttpClient client = HttpClient.newBuilder().executor(threads).build();

    @AfterEach
    void stopThreads() {
        threads.shutdown();
        timers.shutdown();
    }

    /** What became of an exchange. */
    private record End(String thread, Answer answer, Throwable failure) {}

    /** Keeps what it is told, as often as that is. */
    private static final class Ends implements ClientExchange.Listener {
        final LinkedBlockingQueue<End> all = new LinkedBlockingQueue<>();

        @Override
        public void onHead(HttpResponse.ResponseInfo head) {}

        @Override
        public void onEnd(Answer answer, Throwable failure) {
            all.add(new End(Thread.currentThread().getName(), answer, failure));
        }

        End await() throws InterruptedException {
            End end = all.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(end).as("what it is told within %s s", PATIENCE_SECONDS).isNotNull();
            return end;
        }
    }

    private static HttpRequest request(String url) {
        return HttpRequest.newBuilder(URI.create(url)).version(Version.HTTP_1_1).build();
    }

    private static HttpRequest http2Request(String url) {
        return HttpRequest.newBuilder(URI.create(url))
                .version(Version.HTTP_2)
                .header("idempotency-key", "k")
                .build();
    }

    private static Ends send(HttpClient client, HttpRequest request) {
        Ends ends = new Ends();
        ClientExchange exchange = new ClientExchange(ends, 100);
        exchange.start(client, request);
        exchange.awaitFailure();
        return ends;
    }

    private static Behaviour writing(String answer) {
        return exchange -> exchange.write(answer);
    }

    static Stream<Arguments> answers() {
        Behaviour closing = exchange -> {
            exchange.write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nclosed");
            exchange.close();
        };
        return Stream.of(
                arguments("no body is possible", writing("HTTP/1.1 204 No Content\r\n\r\n"), 204, ""),
                arguments("an empty body", writing("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), 200, ""),
                arguments("a body", writing("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes"), 200, "yes"),
                arguments(
                        "chunks",
                        writing("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nye\r\n1\r\ns\r\n0\r\n\r\n"),
                        200,
                        "yes"),
                arguments("until it closes", closing, 200, "closed"),
                arguments("a failure", writing("HTTP/1.1 503 No\r\nContent-Length: 3\r\n\r\nbad"), 503, ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers")
    void answer_isToldOnceOnAThreadOfTheClient(String name, Behaviour answer, int status, String body)
            throws InterruptedException {
        List<Ends> told = new ArrayList<>();
        try (RawBackend backend = RawBackend.start(answer)) {
            for (int i = 0; i < 20; i++) {
                Ends ends = send(client, request(backend.url("/")));
                told.add(ends);
                End end = ends.await();

                assertThat(end.failure()).isNull();
                assertThat(end.answer().status()).isEqualTo(status);
                assertThat(end.answer().body().toByteArray())
                        .asString(StandardCharsets.UTF_8)
                        .isEqualTo(body);
                assertThat(end.thread()).startsWith("mqttparty-http-test-");
            }
        }
        assertThat(told).allSatisfy(each -> assertThat(each.all).isEmpty());
    }

    @Test // over HTTP/2 only the future of the client says when the stream is free for another request
    void answer_overHttp2_isToldOnce() throws InterruptedException {
        for (String body : new String[] {"", "yes"}) {
            try (Http2Backend backend = new Http2Backend(10, 0).answering(body)) {
                for (int i = 0; i < 20; i++) {
                    Ends ends = send(client, http2Request(backend.url("/")));
                    End end = ends.await();

                    assertThat(end.failure()).isNull();
                    assertThat(end.answer().body().toByteArray())
                            .asString(StandardCharsets.UTF_8)
                            .isEqualTo(body);
                    assertThat(ends.all).isEmpty();
                }
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers")
    void answers_startNoThreadEach(String name, Behaviour answer, int status, String body) throws InterruptedException {
        Behaviour keepingAlive = name.equals("until it closes") ? exchange -> exchange.answer(204) : answer;
        try (RawBackend backend = RawBackend.start(keepingAlive)) {
            send(client, request(backend.url("/"))).await();
            long before = ManagementFactory.getThreadMXBean().getTotalStartedThreadCount();
            for (int i = 0; i < 200; i++) {
                send(client, request(backend.url("/"))).await();
            }

            assertThat(ManagementFactory.getThreadMXBean().getTotalStartedThreadCount() - before)
                    .as("threads that were started meanwhile, by whomever")
                    .isLessThan(100);
        }
    }

    @Test
    void failure_isToldOnce() throws InterruptedException {
        Ends refused = send(client, request("http://127.0.0.1:" + RawBackend.freePort() + "/"));
        assertThat(refused.await().failure()).isNotNull();
        assertThat(refused.all).isEmpty();

        Behaviour tooLong = writing("HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n" + "x".repeat(200));
        try (RawBackend backend = RawBackend.start(tooLong)) {
            Ends ends = send(client, request(backend.url("/")));
            assertThat(ends.await().failure()).hasMessageContaining("larger than 100 bytes");
            assertThat(ends.all).isEmpty();
        }
    }

    @Test // a place is free a little before the connection is, but only on threads of the client
    void connections_areNoMoreThanPlacesAndThreads() {
        int places = 4;
        var settings = new Caller.Settings(places, 1_000, false, 10, 1_000, 1_000);
        try (RawBackend backend = RawBackend.start(exchange -> exchange.answer(204))) {
            Caller caller = new Caller(
                    List.of(client), new ExecutorTimers(timers), RandomGenerator.getDefault(), settings, (o, b) -> {});
            Endpoint endpoint = caller.endpoint(URI.create(backend.url("")));
            CompletableFuture<?>[] calls = Stream.generate(() -> endpoint.call(
                            version -> request(backend.url("/")),
                            new CallLimits(
                                    Duration.ofSeconds(PATIENCE_SECONDS).toNanos(),
                                    Duration.ofSeconds(PATIENCE_SECONDS).toNanos(),
                                    100)))
                    .limit(1_000)
                    .toArray(CompletableFuture[]::new);
            CompletableFuture.allOf(calls).join();

            assertThat(backend.requests()).hasSize(1_000);
            assertThat(backend.connections()).isBetween(1, places + THREADS);
            caller.close();
        }
    }

    // ---- with a client that does what the test says ----

    @Test
    void answer_isToldBeforeTheFutureIs_andCompletesIt() {
        FakeHttpClient fake = new FakeHttpClient().tellingLate();
        Ends ends = send(new OwnClient(() -> fake, System::nanoTime), request("http://backend/"));
        fake.exchange(0).answer(200, Map.of("etag", "x"), "yes");

        assertThat(ends.all).hasSize(1);
        assertThat(ends.all.element().answer().headers().firstValue("etag")).contains("x");
        assertThat(fake.exchange(0).isTold()).isTrue();
        fake.exchange(0).tell();
        assertThat(ends.all).hasSize(1);
    }

    @Test
    void answer_whileItIsSent_isToldAndCompletesTheFuture() {
        FakeHttpClient fake = new FakeHttpClient().tellingLate().answeringAtOnce(200);
        Ends ends = send(new OwnClient(() -> fake, System::nanoTime), request("http://backend/"));

        assertThat(ends.all).hasSize(1);
        assertThat(fake.exchange(0).isTold()).isTrue();
    }

    @Test // only the future says when the stream is free
    void answerWithoutBody_overHttp2_isToldByTheFuture() {
        FakeHttpClient fake =
                new FakeHttpClient().tellingLate().speaking(Version.HTTP_2).on(Runnable::run);
        Ends ends = send(new OwnClient(() -> fake, System::nanoTime), http2Request("http://backend/"));
        fake.exchange(0).answer(204);
        assertThat(ends.all).isEmpty();

        fake.exchange(0).tell();

        assertThat(ends.all).hasSize(1);
    }

    @Test
    void answerWithBody_overHttp2_isToldOnTheExecutorOfTheClient_andCompletesTheFuture() {
        List<Runnable> tasks = new ArrayList<>();
        FakeHttpClient fake =
                new FakeHttpClient().tellingLate().speaking(Version.HTTP_2).on(tasks::add);
        Ends ends = send(new OwnClient(() -> fake, System::nanoTime), http2Request("http://backend/"));
        fake.exchange(0).answer(200, Map.of(), "yes");
        assertThat(fake.exchange(0).isTold()).isTrue();
        assertThat(ends.all).isEmpty();

        tasks.forEach(Runnable::run);

        assertThat(ends.all).hasSize(1);
        assertThat(ends.all.element().answer().status()).isEqualTo(200);
    }

    @Test
    void answerWithBody_overHttp2_whenTheExecutorIsShutDown_isToldNevertheless() {
        ExecutorService ended = Executors.newSingleThreadExecutor();
        ended.shutdown();
        FakeHttpClient fake =
                new FakeHttpClient().tellingLate().speaking(Version.HTTP_2).on(ended);
        Ends ends = send(new OwnClient(() -> fake, System::nanoTime), http2Request("http://backend/"));

        fake.exchange(0).answer(200, Map.of(), "yes");

        assertThat(ends.all).hasSize(1);
    }

    @Test // it may do more with an answer than to read it
    void answer_ofAnotherClientThanTheJdks_isToldByItsFuture() {
        FakeHttpClient fake = new FakeHttpClient().tellingLate();
        Ends ends = send(fake, request("http://backend/"));
        fake.exchange(0).answer(200, Map.of(), "yes");
        assertThat(ends.all).isEmpty();
        assertThat(fake.exchange(0).isTold()).isFalse();

        fake.exchange(0).tell();

        assertThat(ends.all).hasSize(1);
        assertThat(ends.all.element().answer().body())
                .isEqualTo(Payload.copyOf("yes".getBytes(StandardCharsets.UTF_8)));
    }
}
