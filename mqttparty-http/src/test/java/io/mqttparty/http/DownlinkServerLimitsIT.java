package io.mqttparty.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttparty.http.RawHttp.Answer;
import io.mqttparty.http.spi.DownlinkCounter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the server takes from its peers, in bytes, in time and in number, and what it makes of requests that can be read in two ways. */
class DownlinkServerLimitsIT {
    private static final Duration SHORT = Duration.ofSeconds(1);

    @AutoClose
    private final ServedBroker served = ServedBroker.start(server ->
            server.connections(8).headerBytes(1_024).requestTime(SHORT).idleTime(Duration.ofSeconds(3)));

    private long count(DownlinkCounter counter) {
        return served.server().count(counter);
    }

    private static String post() {
        return RawHttp.head("POST", "/v1/messages?topic=t");
    }

    // ---- bytes ----

    @Test
    void body_announcedBeyondTheLimit_413BeforeItIsRead() {
        try (RawHttp raw = served.raw()) {
            raw.send(post() + "Content-Length: 10000000000\n\nxxxx");
            Answer answer = raw.answer().has(413).closes();
            assertThat(answer.headers()).containsEntry("content-type", "application/problem+json");
            raw.expectClosed();
        }
        assertThat(count(DownlinkCounter.BODIES_TOO_LARGE)).isEqualTo(1);
    }

    @Test
    void body_announcedBeyondTheLimitWithExpect_413WithoutContinue() {
        try (RawHttp raw = served.raw()) {
            raw.send(post() + "Content-Length: 300000\nExpect: 100-continue\n\n");
            raw.answer().has(413).closes();
            raw.expectClosed();
        }
    }

    @Test // the caller reads its answer although it is still sending
    void body_chunkedWithoutEnd_413() {
        String chunk = "4000\r\n" + "x".repeat(0x4000) + "\r\n";
        try (RawHttp raw = served.raw()) {
            raw.send(post() + "Transfer-Encoding: chunked\n\n");
            for (int i = 0; i < 17; i++) {
                raw.sendRaw(chunk);
            }
            raw.answer().has(413).closes();
            assertThat(raw.sendWhileTaken(chunk, 10_000)).isLessThan(10_000); // 160 MB
        }
        assertThat(count(DownlinkCounter.BODIES_TOO_LARGE)).isEqualTo(1);
    }

    @Test
    void body_atTheLimit_isTaken() {
        try (RawHttp raw = served.raw()) {
            raw.request("POST", "/v1/messages?topic=t", "x".repeat(256 * 1024));
            raw.answer().has(200).keeps();
        }
    }

    @Test
    void header_beyondTheLimit_431() {
        try (RawHttp raw = served.raw()) {
            raw.send("GET /livez HTTP/1.1\nHost: x\nX: " + "x".repeat(2_000) + "\n\n");
            raw.answer().has(431).closes();
            raw.expectClosed();
        }
        try (RawHttp raw = served.raw()) {
            raw.send("GET /livez HTTP/1.1\nHost: x\n");
            assertThat(raw.sendWhileTaken("X-Y: z\r\n", 10_000_000)).isLessThan(10_000_000);
        }
        assertThat(count(DownlinkCounter.MALFORMED_REQUESTS)).isEqualTo(2);
    }

    @Test
    void target_beyondTheLimit_414() {
        try (RawHttp raw = served.raw()) {
            raw.send("GET /" + "x".repeat(33_000) + " HTTP/1.1\nHost: x\n\n");
            raw.answer().has(414).closes();
            raw.expectClosed();
        }
    }

    // ---- time ----

    @Test
    void request_thatNeverEnds_408() {
        try (RawHttp raw = served.raw()) {
            raw.send("GET /livez HTTP/1.1\nHost:");
            raw.answer().has(408).closes();
            raw.expectClosed();
        }
        try (RawHttp raw = served.raw()) {
            raw.send(post() + "Content-Length: 100\n\nx");
            raw.answer().has(408).closes();
            raw.expectClosed();
        }
        assertThat(count(DownlinkCounter.REQUEST_TIMEOUTS)).isEqualTo(2);
    }

    @Test // the time is for the whole, not from byte to byte
    void body_byteByByte_408() {
        try (RawHttp raw = served.raw()) {
            raw.send(post() + "Content-Length: 1000\n\n");
            int taken = 0;
            while (taken < 1_000 && raw.isSilentFor(50)) {
                raw.sendRaw("x");
                taken++;
            }
            assertThat(taken).isLessThan(100);
        }
        assertThat(count(DownlinkCounter.REQUEST_TIMEOUTS)).isEqualTo(1);
    }

    @Test
    void connection_silent_isClosedWithoutAWord() {
        try (RawHttp raw = served.raw();
                RawHttp used = served.raw()) {
            used.request("GET", "/livez", "").answer().has(200);
            raw.expectClosed(); // before its first request it has less time
            assertThat(used.isSilentFor(100)).isTrue();
            used.expectClosed();
        }
        assertThat(count(DownlinkCounter.REQUEST_TIMEOUTS)).isZero();
    }

    @Test // the answers fill its socket, and it asks for more
    void caller_readsNoAnswers_isClosed() {
        try (RawHttp raw = served.raw()) {
            String asks = (RawHttp.head("GET", "/openapi.json") + "\n")
                    .replace("\n", "\r\n")
                    .repeat(100);
            assertThat(raw.sendWhileTaken(asks, 100_000)).isLessThan(100_000);
        }
        await().untilAsserted(() ->
                assertThat(count(DownlinkCounter.RESPONSE_TIMEOUTS)).isEqualTo(1));
    }

    // ---- number ----

    @Test
    void connections_beyondTheLimit_503WithRetryAfter() {
        List<RawHttp> open = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            RawHttp raw = served.raw().request("GET", "/livez", "");
            raw.answer().has(200);
            open.add(raw);
        }

        try (RawHttp raw = served.raw()) {
            raw.request("GET", "/livez", "");
            Answer answer = raw.answer().has(503).closes();
            assertThat(answer.headers()).containsEntry("retry-after", "1");
            raw.expectClosed();
        }

        assertThat(count(DownlinkCounter.CONNECTIONS_REFUSED)).isEqualTo(1);
        open.forEach(RawHttp::close);
        await().until(() -> served.server().connections() == 0);
        served.raw().request("GET", "/livez", "").answer().has(200);
    }

    // ---- smuggling ----

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\nContent-Length: 6\n\nhello!",
                "Content-Length: 5\nContent-Length: 5\n\nhello",
                "Content-Length: 5, 5\n\nhello",
                "Content-Length: 5\nTransfer-Encoding: chunked\n\n0\n\n",
                "Transfer-Encoding: chunked\nContent-Length: 5\n\n0\n\n",
                "Transfer-Encoding: gzip, chunked\n\n0\n\n",
                "Transfer-Encoding: chunked, identity\n\n0\n\n",
                "Transfer-Encoding: identity\n\n",
                "Transfer-Encoding: chunked\nTransfer-Encoding: chunked\n\n0\n\n",
                "Transfer-Encoding: xchunked\n\n0\n\n",
                "Transfer-Encoding : chunked\n\n0\n\n",
                "Content-Length : 5\n\nhello",
                "Content-Length: -5\n\nhello",
                "Content-Length: +5\n\nhello",
                "Content-Length: 0x5\n\nhello",
                "Content-Length: 5 5\n\nhello",
                "Content-Length: \n\n",
                "Content-Length: 99999999999999999999\n\nx",
                "Host: y\n\n",
                "No-Colon\n\n",
                ": x\n\n",
                "X\u0000: y\n\n",
                "X: a\u0000b\n\n",
                "X: a\rb\n\n"
            })
    void head_thatCanBeReadInTwoWays_400AndClosed(String rest) {
        try (RawHttp raw = served.raw()) {
            raw.send(post() + rest);
            raw.answer().has(400).closes();
            raw.expectClosed();
        }
        assertThat(count(DownlinkCounter.MALFORMED_REQUESTS)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /livez\r\n\r\n",
                "GET /livez HTTQ/1.1\r\nHost: x\r\n\r\n",
                "GET /livez HTTP/1.1\nHost: x\n\n",
                "GET /livez HTTP/1.1\r\nHost: x\nX: y\r\n\r\n",
                "GET /livez HTTP/1.1\r\n\r\n",
                "GET livez HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET * HTTP/1.1\r\nHost: x\r\n\r\n",
                "CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n",
                "POST /v1/messages?topic=t HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000\r\n\r\n",
                "\u0010\u000c\u0000\u0004MQTT\r\n\r\n"
            })
    void bytes_thatAreNoRequest_400AndClosed(String bytes) {
        try (RawHttp raw = served.raw()) {
            raw.sendRaw(bytes);
            raw.answer().has(400).closes();
            raw.expectClosed();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/2.0", "HTTP/1.2", "HTTP/0.9"})
    void version_thatIsNotSpoken_505(String version) {
        try (RawHttp raw = served.raw()) {
            raw.send("GET /livez " + version + "\nHost: x\n\n");
            raw.answer().has(505).closes();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x\nhello", "5\nhello0\n\n", "-1\nhello\n0\n\n", "5;\u0000\nhello\n0\n\n", "fffffffff\nx"})
    void chunks_thatAreNone_areNeverAMessage(String chunks) {
        try (RawHttp raw = served.raw()) {
            raw.send(post() + "Transfer-Encoding: chunked\n\n" + chunks);
            Answer answer = raw.answer().closes();
            assertThat(answer.status()).isIn(400, 408, 413);
            raw.expectClosed();
        }
    }

    @Test
    void expectation_thatIsNotKnown_417() {
        try (RawHttp raw = served.raw()) {
            raw.send(post() + "Content-Length: 1\nExpect: miracles\n\n");
            raw.answer().has(417).closes();
        }
    }

    @Test
    void injection_byClientIdOrTopic_addsNoHeader() {
        try (RawHttp raw = served.raw()) {
            raw.request("GET", "/v1/clients/a%0D%0ASet-Cookie:%20evil=1%0D%0A%0D%0A", "");
            Answer answer = raw.answer().has(404).keeps();
            assertThat(answer.headers()).doesNotContainKey("set-cookie");
            raw.request("POST", "/v1/messages?topic=a%0D%0ASet-Cookie:%20evil=1", "");
            assertThat(raw.answer().has(200).headers()).doesNotContainKey("set-cookie");
            raw.request("GET", "/v1/clients?%0D%0ASet-Cookie:%20evil=1", "");
            assertThat(raw.answer().has(400).headers()).doesNotContainKey("set-cookie");
        }
    }
}
