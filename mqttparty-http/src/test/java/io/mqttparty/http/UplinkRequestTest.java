package io.mqttparty.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.http.internal.client.FakeHttpClient.Exchange;
import io.mqttparty.http.spi.HttpCounter;
import io.mqttparty.testkit.TestClient;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What the backend gets. */
final class UplinkRequestTest {
    @Test
    void publish_isACloudEventInBinaryMode() {
        try (UplinkScene scene = UplinkScene.of(route -> route)) {
            TestClient client =
                    scene.client("car-1").publish("up/state", "hello", 1, 7).expectNothing();

            Exchange request = scene.request(0);
            String id = request.header("ce-id");
            assertThat(id).matches("[0-9a-f]{32}");
            Map<String, List<String>> headers =
                    new TreeMap<>(request.request().headers().map());
            String traceparent = request.header("traceparent");
            assertThat(traceparent).matches("00-" + id + "-[0-9a-f]{16}-01");
            assertThat(headers)
                    .isEqualTo(Map.of(
                            "ce-specversion", List.of("1.0"),
                            "ce-id", List.of(id),
                            "ce-type", List.of("io.mqttparty.message"),
                            "ce-source", List.of("/mqttparty"),
                            "ce-subject", List.of("up/state"),
                            "ce-time", List.of("2030-01-01T00:00:00Z"),
                            "ce-clientid", List.of("car-1"),
                            "content-type", List.of("application/octet-stream"),
                            "idempotency-key", List.of(id),
                            "traceparent", List.of(traceparent)));
            assertThat(request.request().method()).isEqualTo("POST");
            assertThat(request.request().uri()).isEqualTo(URI.create("http://backend:8080/v1/car-1"));
            assertThat(request.body()).isEqualTo("hello");

            request.answer(204);
            client.expectPuback(7);
            assertThat(scene.count(HttpCounter.REQUESTS)).isEqualTo(1);
            assertThat(scene.count(HttpCounter.DELIVERED)).isEqualTo(1);
            assertThat(scene.count(HttpCounter.RETRIES)).isZero();
        }
    }

    @Test
    void publish_onARouteWithAllOptions_isSentSo() {
        try (UplinkScene scene = UplinkScene.with(builder -> builder.source("/fleet/eu")
                .route(HttpRoute.builder("up/+/x", "http://backend:8080/{topic.2}?t={topic}")
                        .method("PUT")
                        .header("Authorization", "Bearer 1")
                        .header("X-A", "b")
                        .header("x-a", "c")
                        .contentType("application/json")
                        .eventType("example.state")
                        .build()))) {
            TestClient client = scene.client("c").publish("up/a b/x", "{}", 2, 1);

            Exchange request = scene.request(0);
            assertThat(request.request().method()).isEqualTo("PUT");
            assertThat(request.request().uri()).hasToString("http://backend:8080/a%20b?t=up%2Fa%20b%2Fx");
            assertThat(request.header("authorization")).isEqualTo("Bearer 1");
            assertThat(request.request().headers().allValues("x-a")).containsExactly("b", "c");
            assertThat(request.header("content-type")).isEqualTo("application/json");
            assertThat(request.header("ce-type")).isEqualTo("example.state");
            assertThat(request.header("ce-source")).isEqualTo("/fleet/eu");
            assertThat(request.header("ce-subject")).isEqualTo("up/a%20b/x");
            request.answer(200);
            client.expectPubrec(1);
        }
    }

    @Test
    void publish_withHostileIdAndTopic_changesNoOtherHeader() {
        try (UplinkScene scene = UplinkScene.of(route -> route)) {
            scene.client("a/../b?x=#\r\nHost: evil").publish("up/\"%é 中\r\nX: y", "", 1, 1);

            Exchange request = scene.request(0);
            assertThat(request.request().uri())
                    .hasToString("http://backend:8080/v1/a%2F..%2Fb%3Fx%3D%23%0D%0AHost%3A%20evil");
            assertThat(request.header("ce-clientid")).isEqualTo("a/../b?x=#%0D%0AHost:%20evil");
            assertThat(request.header("ce-subject")).isEqualTo("up/%22%25%C3%A9%20%E4%B8%AD%0D%0AX:%20y");
            assertThat(request.request().headers().map()).doesNotContainKeys("host", "x");
            assertThat(request.body()).isEmpty();
            request.answer(200);
        }
    }

    @Test
    void publish_withoutUrl_isRefusedAcknowledgedAndTold() {
        try (UplinkScene scene = UplinkScene.of(route -> route)) {
            scene.client("..").publish("up/x", "a", 1, 1).expectPuback(1);

            assertThat(scene.backend.exchanges()).isEmpty();
            assertThat(scene.events).containsExactly("refused .. up/x 0");
            assertThat(scene.count(HttpCounter.UNADDRESSABLE)).isEqualTo(1);
            assertThat(scene.count(HttpCounter.REFUSED)).isZero();
        }
    }

    @Test
    void publish_matchingTwoRoutes_goesToBothUnderOneId() {
        try (UplinkScene scene =
                UplinkScene.with(builder -> builder.route(UplinkScene.route().build())
                        .route(HttpRoute.builder("up/x", "http://other:8080/x").build()))) {
            TestClient client = scene.client("c").publish("up/x", "a", 1, 1);
            assertThat(scene.request(0).header("ce-id"))
                    .isEqualTo(scene.request(1).header("ce-id"));

            scene.request(0).answer(200);
            client.expectNothing();
            scene.request(1).answer(200);
            client.expectPuback(1);
        }
    }

    @Test
    void publish_toOtherTopics_isNotSent() {
        try (UplinkScene scene = UplinkScene.of(route -> route)) {
            scene.client("c").publish("down/x", "a", 1, 1).expectPuback(1);

            assertThat(scene.backend.exchanges()).isEmpty();
        }
    }

    @Test
    void qos2OfAPersistentSession_sentAgainOverAnotherConnection_hasTheSameId() {
        try (UplinkScene scene = UplinkScene.of(route -> route.deadline(java.time.Duration.ofSeconds(5)))) {
            TestClient first = scene.persistent("c", false).publish("up/x", "a", 2, 9);
            String id = scene.request(0).header("ce-id");
            first.pipe().close();
            scene.clock.runUntilIdle();

            TestClient second = scene.persistent("c", true).publish("up/x", "a", 2, false, 9, true);
            scene.request(0).answer(200);
            List<Exchange> open = scene.backend.open();
            open.forEach(each -> each.answer(200));

            second.expectPubrec(9).pubrel(9).expectPubcomp(9);
            assertThat(scene.backend.exchanges())
                    .allSatisfy(each -> assertThat(each.header("ce-id")).isEqualTo(id));
        }
    }
}
