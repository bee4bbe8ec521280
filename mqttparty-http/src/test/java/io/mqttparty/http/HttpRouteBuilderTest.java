package io.mqttparty.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttparty.MqttParty;
import io.mqttparty.http.internal.client.FakeHttpClient;
import io.mqttparty.model.QoS;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Builders refuse what is wrong where it is said, and what does not fit at the end. */
final class HttpRouteBuilderTest {
    @TestFactory
    Stream<DynamicTest> wrongValue_isRefusedByName() {
        Map<String, Consumer<HttpRouteBuilder>> calls = Map.ofEntries(
                Map.entry("method: GET", b -> b.method("GET")),
                Map.entry("header: Content-Type", b -> b.header("Content-Type", "x")),
                Map.entry("header: CE-id", b -> b.header("CE-id", "x")),
                Map.entry("header: Idempotency-Key", b -> b.header("Idempotency-Key", "x")),
                Map.entry("header: Webhook-Id", b -> b.header("Webhook-Id", "x")),
                Map.entry("header: traceparent", b -> b.header("traceparent", "x")),
                Map.entry("header: Host", b -> b.header("Host", "x")),
                Map.entry("header: Content-Length", b -> b.header("Content-Length", "1")),
                Map.entry("header: a b", b -> b.header("a b", "x")),
                Map.entry("header: a", b -> b.header("a", "x\r\ny: z")),
                Map.entry("contentType: a", b -> b.contentType("a\r\nb")),
                Map.entry("eventType: \n", b -> b.eventType("\n")),
                Map.entry("timeout: PT0S", b -> b.timeout(Duration.ZERO)),
                Map.entry("deadline: PT0S", b -> b.deadline(Duration.ZERO)),
                Map.entry("concurrency: 0", b -> b.concurrency(0)),
                Map.entry("unordered: 1", b -> b.unordered(1)),
                Map.entry("backoff: PT2S to PT1S", b -> b.backoff(Duration.ofSeconds(2), Duration.ofSeconds(1))),
                Map.entry("backoff: PT8784H", b -> b.backoff(Duration.ofSeconds(2), Duration.ofDays(366))),
                Map.entry("longestRetryAfter: PT-1S", b -> b.longestRetryAfter(Duration.ofSeconds(-1))),
                Map.entry("longestRetryAfter: PT8784H", b -> b.longestRetryAfter(Duration.ofDays(366))),
                Map.entry("replyTopic: a/#", b -> b.replyTopic("a/#")),
                Map.entry("replyTtl: PT-1S", b -> b.replyTtl(Duration.ofSeconds(-1))),
                Map.entry("replyBytes: -1", b -> b.replyBytes(-1)),
                Map.entry("deadLetterTopic: {x}", b -> b.deadLetterTopic("{x}")));
        return calls.entrySet().stream()
                .map(each -> DynamicTest.dynamicTest(
                        each.getKey(),
                        () -> assertThatThrownBy(() -> each.getValue().accept(UplinkScene.route()))
                                .isInstanceOf(IllegalArgumentException.class)
                                .hasMessageStartingWith(each.getKey())
                                .hasMessageContaining("expected: ")));
    }

    @TestFactory
    Stream<DynamicTest> secondValue_isRefused() {
        Map<String, Consumer<HttpRouteBuilder>> calls = Map.ofEntries(
                Map.entry("method", b -> b.method("PUT")),
                Map.entry("contentType", b -> b.contentType("a/b")),
                Map.entry("eventType", b -> b.eventType("a")),
                Map.entry("timeout", b -> b.timeout(Duration.ofSeconds(1))),
                Map.entry("deadline", b -> b.deadline(Duration.ofSeconds(1))),
                Map.entry("concurrency", b -> b.concurrency(1)),
                Map.entry("unordered", b -> b.unordered(2)),
                Map.entry("acknowledge", b -> b.acknowledge(AckPolicy.ON_ACCEPT)),
                Map.entry("backoff", b -> b.backoff(Duration.ofSeconds(1), Duration.ofSeconds(1))),
                Map.entry("longestRetryAfter", b -> b.longestRetryAfter(Duration.ofSeconds(1))),
                Map.entry("replyTopic", b -> b.replyTopic("a")),
                Map.entry("replyQos", b -> b.replyQos(QoS.AT_MOST_ONCE)),
                Map.entry("replyTtl", b -> b.replyTtl(Duration.ZERO)),
                Map.entry("replyBytes", b -> b.replyBytes(1)),
                Map.entry("deadLetterTopic", b -> b.deadLetterTopic("a")));
        return calls.entrySet().stream()
                .map(each -> DynamicTest.dynamicTest(each.getKey(), () -> {
                    HttpRouteBuilder builder = UplinkScene.route();
                    each.getValue().accept(builder);
                    assertThatThrownBy(() -> each.getValue().accept(builder))
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessage(each.getKey() + ": set twice (expected: once)");
                }));
    }

    @Test
    void toString_showsNoSecrets() {
        HttpRoute route = HttpRoute.builder("a/+", "http://h/x?key=secret&c={clientId}")
                .header("Authorization", "Bearer secret")
                .header("X-Key", "secret")
                .name("first")
                .build();
        HttpUpstream upstream = HttpUpstream.builder()
                .httpClient(new FakeHttpClient())
                .secret("whsec_"
                        + Base64.getEncoder().encodeToString("secret".repeat(5).getBytes(UTF_8)))
                .route(route)
                .build();

        assertThat(route.settings()).hasToString("first: a/+ to http://h:80");
        assertThat(route).hasToString("HttpRoute[a/+ to http://h:80]");
        assertThat(upstream).hasToString("HttpUpstream[HttpRoute[a/+ to http://h:80]]");
    }

    @Test
    void levelThatNoTopicHas_isRefused() {
        assertThatThrownBy(() -> HttpRoute.builder("a/+", "http://h/{topic.3}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("url: http://h/{topic.3}");
        HttpRoute.builder("a/#", "http://h/{topic.3}");
        HttpRoute.builder("a/+", "http://h/{topic.2}");
    }

    @Test
    void sharedFilter_isRefused() {
        assertThatThrownBy(() -> HttpRoute.builder("$share/g/a", "http://h/"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("filter: ");
    }

    @Test
    void timeoutBeyondTheDeadline_isRefusedAtTheEnd() {
        HttpRouteBuilder builder =
                UplinkScene.route().timeout(Duration.ofSeconds(3)).deadline(Duration.ofSeconds(2));

        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("timeout: PT3S (expected: not longer than the deadline PT2S)");
    }

    @Test
    void whatAnOutboxHasNoUseFor_isRefusedAtTheEnd() {
        Map<String, Consumer<HttpRouteBuilder>> calls = Map.of(
                "deadline: set", b -> b.deadline(Duration.ofSeconds(1)),
                "backoff: set", b -> b.backoff(Duration.ofSeconds(1), Duration.ofSeconds(1)),
                "unordered: set", b -> b.unordered(2),
                "longestRetryAfter: PT6M (expected: at most PT5M", b -> b.longestRetryAfter(Duration.ofMinutes(6)));
        calls.forEach((message, call) -> {
            HttpRouteBuilder builder = UplinkScene.route().acknowledge(AckPolicy.ON_OUTBOX);
            call.accept(builder);
            assertThatThrownBy(builder::build)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith(message);
        });
        HttpRoute.Settings slow = UplinkScene.route()
                .acknowledge(AckPolicy.ON_OUTBOX)
                .timeout(Duration.ofSeconds(40))
                .build()
                .settings();
        assertThat(slow.deadline()).isEqualTo(Duration.ofSeconds(40));
        assertThat(slow.longestRetryAfter()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void deadlineAlone_shortensTheTimeout() {
        HttpRoute route = UplinkScene.route().deadline(Duration.ofSeconds(2)).build();

        assertThat(route.settings().timeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(UplinkScene.route().build().settings().timeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(UplinkScene.route().build().settings().deadline()).isEqualTo(Duration.ofSeconds(25));
    }

    @Test
    void upstream_forTwoBrokers_isRefused() {
        HttpUpstream upstream = HttpUpstream.builder()
                .httpClient(new FakeHttpClient())
                .route(UplinkScene.route().build())
                .build();
        MqttParty.builder().extension(upstream);

        assertThatThrownBy(() -> MqttParty.builder().extension(upstream))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "extension: HttpUpstream[HttpRoute[up/# to http://backend:8080]] is installed (expected: once, it is for one broker)");
    }

    @Test
    void upstream_withoutRoute_isRefused() {
        assertThatThrownBy(() -> HttpUpstream.builder().build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("route: none (expected: at least one)");
    }

    @Test
    void upstream_withClientsGivenAndDescribed_isRefused() {
        HttpUpstreamBuilder builder = HttpUpstream.builder()
                .route(UplinkScene.route().build())
                .httpClient(new FakeHttpClient())
                .httpClients(2);

        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("httpClient: given");
    }

    @Test
    void upstream_withAClientThatFollowsRedirects_isRefused() {
        FakeHttpClient following = new FakeHttpClient().following(HttpClient.Redirect.ALWAYS);

        assertThatThrownBy(() -> HttpUpstream.builder().httpClient(following))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("httpClient: follows redirects ALWAYS (expected: NEVER)");
    }

    @Test
    void upstream_wrongValues_areRefused() {
        HttpUpstreamBuilder builder = HttpUpstream.builder();
        assertThatThrownBy(() -> builder.source("a b")).hasMessageStartingWith("source: a b");
        assertThatThrownBy(() -> builder.source("")).hasMessageStartingWith("source: ");
        assertThatThrownBy(() -> builder.source("/ä")).hasMessageStartingWith("source: /ä");
        assertThatThrownBy(() -> builder.inFlight(0)).hasMessageStartingWith("inFlight: 0");
        assertThatThrownBy(() -> builder.backlog(0)).hasMessageStartingWith("backlog: 0");
        assertThatThrownBy(() -> builder.acceptedBytes(-1)).hasMessageStartingWith("acceptedBytes: -1");
        assertThatThrownBy(() -> builder.httpClients(0)).hasMessageStartingWith("httpClients: 0");
        assertThatThrownBy(() -> builder.connectTimeout(Duration.ZERO)).hasMessageStartingWith("connectTimeout: ");
        assertThatThrownBy(() -> builder.breaker(0, Duration.ofSeconds(1), Duration.ofSeconds(1)))
                .hasMessageStartingWith("breaker: 0");
        assertThatThrownBy(() -> builder.breaker(1, Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .hasMessageStartingWith("breaker: PT2S to PT1S");
    }
}
