package io.mqttparty.http.internal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttparty.http.fixture.Http2Backend;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** When a client is replaced: its connection over HTTP/2 gives no answers any more, and nobody says so. */
final class OwnClientTest {
    private final AtomicLong now = new AtomicLong();
    private final List<FakeHttpClient> made = new ArrayList<>();
    private final OwnClient client = new OwnClient(
            () -> {
                made.add(new FakeHttpClient());
                return made.get(made.size() - 1);
            },
            now::get);

    private CompletableFuture<HttpResponse<Void>> send(Version version, String host) {
        return client.sendAsync(
                HttpRequest.newBuilder(URI.create("http://" + host + "/"))
                        .version(version)
                        .build(),
                BodyHandlers.discarding());
    }

    private void sendInVain(int times, Version version, String host) {
        for (int i = 0; i < times; i++) {
            send(version, host).cancel(true);
        }
    }

    private void answer(String host) {
        send(Version.HTTP_2, host);
        FakeHttpClient last = made.get(made.size() - 1);
        last.exchange(last.exchanges().size() - 1).answer(200);
    }

    private void passTime() {
        now.addAndGet(Duration.ofSeconds(10).toNanos());
    }

    @Test
    void silence_afterAnAnswer_laterCallsGoToANewClient() {
        answer("backend");
        passTime();
        sendInVain(2, Version.HTTP_2, "backend");
        assertThat(made).hasSize(1);

        sendInVain(1, Version.HTTP_2, "backend");

        assertThat(made).hasSize(2);
        answer("backend");
        assertThat(made.get(1).exchanges()).hasSize(1);
    }

    @Test
    void silence_brokenByAnAnswer_isNone() {
        answer("backend");
        passTime();
        for (int i = 0; i < 10; i++) {
            sendInVain(2, Version.HTTP_2, "backend");
            answer("backend");
        }

        assertThat(made).hasSize(1);
    }

    @Test
    void silence_ofABackendThatNeverAnswered_isNoReason() {
        passTime();
        sendInVain(100, Version.HTTP_2, "backend");

        assertThat(made).hasSize(1);
    }

    @Test
    void silence_ofTheNewClientToo_isNoReasonForAThird() {
        answer("backend");
        passTime();
        sendInVain(3, Version.HTTP_2, "backend");
        passTime();
        sendInVain(100, Version.HTTP_2, "backend");

        assertThat(made).hasSize(2);
    }

    @Test
    void silence_ofANewClient_replacesItNotAtOnce() {
        answer("backend");
        sendInVain(100, Version.HTTP_2, "backend");
        assertThat(made).hasSize(1);

        passTime();
        sendInVain(1, Version.HTTP_2, "backend");

        assertThat(made).hasSize(2);
    }

    @Test
    void silence_overHttp1_isNoReason() {
        answer("backend");
        passTime();
        sendInVain(100, Version.HTTP_1_1, "backend");

        assertThat(made).hasSize(1);
    }

    @Test
    void silence_ofOneBackend_isNotBrokenByAnother() {
        answer("backend");
        answer("other");
        passTime();
        for (int i = 0; i < 3; i++) {
            sendInVain(1, Version.HTTP_2, "backend");
            answer("other");
        }

        assertThat(made).hasSize(2);
    }

    @Test // it is the body that does not come
    void silence_afterTheHeads_isNone() {
        answer("backend");
        passTime();
        List<CompletableFuture<?>> slow = List.of(
                send(Version.HTTP_2, "backend"), send(Version.HTTP_2, "backend"), send(Version.HTTP_2, "backend"));
        made.get(0).open().forEach(each -> each.answerHead(200, "half"));

        slow.forEach(each -> each.cancel(true));

        assertThat(made).hasSize(1);
    }

    @Test // such as no connection: those end by themselves
    void failures_areNoSilence() {
        answer("backend");
        passTime();
        for (int i = 0; i < 10; i++) {
            send(Version.HTTP_2, "backend");
            made.get(0).open().get(0).fail("connection reset");
        }

        assertThat(made).hasSize(1);
    }

    @Test
    void close_laterCallsFail_andSilenceMakesNoClient() {
        answer("backend");
        passTime();
        List<CompletableFuture<?>> open = List.of(
                send(Version.HTTP_2, "backend"), send(Version.HTTP_2, "backend"), send(Version.HTTP_2, "backend"));

        client.close();
        open.forEach(each -> each.cancel(true));

        assertThat(made).hasSize(1);
        assertThat(send(Version.HTTP_2, "backend")).isCompletedExceptionally();
        client.close();
    }

    @Test
    void connectionThatDiesWithoutAWord_isReplacedByAnother() {
        try (Http2Backend backend = new Http2Backend(100, 0)) {
            OwnClient real = new OwnClient(HttpClient::newHttpClient, now::get);
            HttpRequest request = HttpRequest.newBuilder(URI.create(backend.url("/")))
                    .version(Version.HTTP_2)
                    .header("idempotency-key", "k")
                    .build();
            for (int i = 0; i < 2; i++) {
                assertThat(real.sendAsync(request, BodyHandlers.discarding()))
                        .succeedsWithin(Duration.ofSeconds(20))
                        .satisfies(response -> assertThat(response.version()).isEqualTo(Version.HTTP_2));
            }
            assertThat(backend.connections()).isOne();
            backend.forgetConnections();
            passTime();

            for (int i = 0; i < 3; i++) {
                CompletableFuture<?> inVain = real.sendAsync(request, BodyHandlers.discarding());
                assertThat(inVain).isNotDone();
                inVain.cancel(true);
            }

            assertThat(real.sendAsync(request, BodyHandlers.discarding())).succeedsWithin(Duration.ofSeconds(20));
            await().untilAsserted(() -> assertThat(backend.connections()).isEqualTo(2));
            real.close();
        }
    }
}
