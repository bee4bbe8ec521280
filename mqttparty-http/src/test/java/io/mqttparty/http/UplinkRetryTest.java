package io.mqttparty.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.http.spi.HttpCounter;
import io.mqttparty.testkit.TestClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent again, when, and what is given up. */
final class UplinkRetryTest {
    @ParameterizedTest
    @ValueSource(ints = {408, 425, 429, 500, 502, 503, 504, 599})
    void status_ofTrouble_isTriedAgainUnderTheSameIdInAnotherSpan(int status) {
        try (UplinkScene scene = UplinkScene.of(route -> route)) {
            TestClient client = scene.client("c").publish("up/x", "a", 1, 1);
            scene.request(0).answer(status);
            client.expectNothing();
            assertThat(scene.backend.exchanges()).hasSize(1);

            scene.advanceMillis(49);
            assertThat(scene.backend.exchanges()).hasSize(1);
            scene.advanceMillis(51);
            assertThat(scene.backend.exchanges()).hasSize(2);
            for (String same : new String[] {"ce-id", "idempotency-key", "ce-time", "ce-subject"}) {
                assertThat(scene.request(1).header(same))
                        .isEqualTo(scene.request(0).header(same));
            }
            assertThat(scene.request(1).header("traceparent"))
                    .startsWith(scene.request(0).header("traceparent").substring(0, 36))
                    .isNotEqualTo(scene.request(0).header("traceparent"));
            scene.request(1).answer(200);
            client.expectPuback(1);
            assertThat(scene.count(HttpCounter.REQUESTS)).isEqualTo(2);
            assertThat(scene.count(HttpCounter.RETRIES)).isEqualTo(1);
            assertThat(scene.count(HttpCounter.ERROR_ANSWERS)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 301, 302, 307, 308, 400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 451})
    void status_ofRefusal_isFinalAndAcknowledged(int status) {
        try (UplinkScene scene = UplinkScene.of(route -> route)) {
            TestClient client = scene.client("c").publish("up/x", "a", 1, 1);
            scene.request(0).answer(status, Map.of("location", "http://evil/"), "no");

            client.expectPuback(1);
            scene.advance(Duration.ofSeconds(30));
            assertThat(scene.backend.exchanges()).hasSize(1);
            assertThat(scene.events).containsExactly("refused c up/x " + status);
            assertThat(scene.count(HttpCounter.REFUSED)).isEqualTo(1);
            assertThat(scene.count(HttpCounter.DELIVERED)).isZero();
        }
    }

    @Test
    void connectionFailuresAndTimeOuts_areTriedAgain() {
        try (UplinkScene scene = UplinkScene.of(route -> route.timeout(Duration.ofSeconds(2)))) {
            TestClient client = scene.client("c").publish("up/x", "a", 1, 1);
            scene.request(0).fail("connection reset");
            scene.advanceMillis(100);
            scene.advanceMillis(2_000);
            assertThat(scene.request(1).isCancelled()).isTrue();
            scene.advanceMillis(200);
            scene.request(2).answer(200);

            client.expectPuback(1);
            assertThat(scene.count(HttpCounter.CONNECTION_FAILURES)).isEqualTo(1);
            assertThat(scene.count(HttpCounter.TIMEOUTS)).isEqualTo(1);
        }
    }

    @Test
    void waits_doubleUpToTheLongest() {
        try (UplinkScene scene =
                UplinkScene.of(route -> route.backoff(Duration.ofMillis(100), Duration.ofMillis(800)))) {
            scene.client("c").publish("up/x", "a", 1, 1);
            int tries = 1;
            for (long step : new long[] {100, 200, 400, 800, 800, 800}) {
                scene.request(tries - 1).answer(500);
                scene.advanceMillis(step / 2 - 1);
                assertThat(scene.backend.exchanges()).hasSize(tries);
                scene.advanceMillis(step / 2 + 1);
                assertThat(scene.backend.exchanges()).hasSize(++tries);
            }
            scene.request(tries - 1).answer(200);
        }
    }

    @Test
    void retryAfter_inSeconds_isRespected() {
        assertWaits("3", 3_000);
    }

    @Test
    void retryAfter_asDate_isRespected() {
        assertWaits("Tue, 01 Jan 2030 00:00:04 GMT", 4_000);
    }

    @Test
    void retryAfter_longerThanTheLongest_isCut() {
        assertWaits("3600", 10_000);
        assertWaits("99999999999999999999", 10_000);
        assertWaits("Wed, 02 Jan 2030 00:00:00 GMT", 10_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-1", "1.5", "Mon, 31 Dec 2029 00:00:00 GMT", "0", "1, 2"})
    void retryAfter_thatSaysNothing_isIgnored(String value) {
        assertWaits(value, 100);
    }

    @Test
    void retryAfter_ofAnAnswerWhoseBodyIsTooLargeOrDoesNotEnd_isRespected() {
        try (UplinkScene scene = UplinkScene.of(route -> route.replyBytes(10).timeout(Duration.ofSeconds(1)))) {
            scene.client("c").publish("up/x", "a", 1, 1);
            scene.request(0).answerHead(503, Map.of("retry-after", "3"), "a long, long story");
            scene.advanceMillis(2_999);
            assertThat(scene.backend.exchanges()).hasSize(1);
            scene.advanceMillis(1);

            scene.request(1).answerHead(429, Map.of("retry-after", "4"), "short");
            scene.advanceMillis(1_000);
            assertThat(scene.request(1).isCancelled()).isTrue();
            scene.advanceMillis(3_999);
            assertThat(scene.backend.exchanges()).hasSize(2);
            scene.advanceMillis(1);

            scene.request(2).answer(200);
            assertThat(scene.count(HttpCounter.ERROR_ANSWERS)).isEqualTo(2);
            assertThat(scene.count(HttpCounter.CONNECTION_FAILURES)).isZero();
        }
    }

    @Test
    void retryAfter_longerThanTheDeadline_holdsWhenTheDeviceComesBack() {
        try (UplinkScene scene = UplinkScene.of(route -> route.deadline(Duration.ofSeconds(5)))) {
            TestClient first = scene.persistent("c", false).publish("up/x", "a", 1, 1);
            scene.request(0).answer(429, Map.of("retry-after", "9"), "");
            first.expectClosed();

            TestClient second = scene.persistent("c", true).publish("up/x", "a", 1, false, 1, true);
            scene.client("d").publish("up/x", "other", 1, 1);
            assertThat(scene.openBodies()).containsExactly("other");
            scene.request(1).answer(200);
            scene.advanceMillis(5_000);
            second.expectClosed();
            TestClient third = scene.persistent("c", true).publish("up/x", "a", 1, false, 1, true);
            scene.advanceMillis(3_999);
            assertThat(scene.backend.exchanges()).hasSize(2);
            scene.advanceMillis(1);

            assertThat(scene.openBodies()).containsExactly("a");
            scene.request(2).answer(200);
            third.expectPuback(1);
            assertThat(scene.events)
                    .containsExactly(
                            "given up c up/x after 1: status 429",
                            "given up c up/x after 0: not sent: the backend asked for time");
            assertThat(scene.count(HttpCounter.HELD_BACK)).isEqualTo(2);
        }
    }

    private static void assertWaits(String retryAfter, long millis) {
        try (UplinkScene scene = UplinkScene.of(route -> route)) {
            scene.client("c").publish("up/x", "a", 1, 1);
            scene.request(0).answer(503, Map.of("retry-after", retryAfter), "");
            scene.advanceMillis(millis / 2 - 1);
            assertThat(scene.backend.exchanges()).hasSize(1);
            scene.advanceMillis(millis - millis / 2);
            assertThat(scene.backend.exchanges())
                    .hasSize(millis > 100 ? 1 : scene.backend.exchanges().size());
            scene.advanceMillis(1);
            assertThat(scene.backend.exchanges()).hasSize(2);
            scene.request(1).answer(200);
        }
    }

    @Test
    void deadline_closesWithoutAcknowledgement() {
        try (UplinkScene scene = UplinkScene.of(route -> route.deadline(Duration.ofSeconds(5)))) {
            TestClient client = scene.client("c").publish("up/x", "a", 1, 1);
            int answered = 0;
            for (int i = 0; i < 50; i++) {
                for (; answered < scene.backend.exchanges().size(); answered++) {
                    scene.request(answered).answer(503);
                }
                scene.advanceMillis(100);
            }

            client.expectClosed();
            assertThat(scene.events).hasSize(1);
            assertThat(scene.events.get(0)).startsWith("given up c up/x after " + answered + ": status 503");
            assertThat(scene.count(HttpCounter.GIVEN_UP)).isEqualTo(1);
            assertThat(scene.count(HttpCounter.LOST)).isZero();
        }
    }

    @Test
    void deadline_ofQos0_losesTheMessageOnly() {
        try (UplinkScene scene =
                UplinkScene.of(route -> route.deadline(Duration.ofSeconds(2)).deadLetterTopic("dead"))) {
            TestClient dead = scene.client("watch").subscribed("dead", 1);
            TestClient client = scene.client("c").publish("up/x", "a");
            scene.advance(Duration.ofSeconds(2));

            client.expectNothing().publish("up/x", "b");
            assertThat(scene.count(HttpCounter.LOST)).isEqualTo(1);
            assertThat(scene.openBodies()).containsExactly("b");
            assertThat(dead.next().toString()).contains("dead");
            scene.backend.open().get(0).answer(200);
        }
    }

    @Test
    void refused_withDeadLetterTopic_isPublishedThereBeforeTheAcknowledgement() {
        try (UplinkScene scene = UplinkScene.of(route -> route.deadLetterTopic("dead/{clientId}/{topic}"))) {
            TestClient watch = scene.client("watch").subscribed("dead/#", 1);
            TestClient client = scene.client("c\"d").publish("up/x", "payload", 1, 1);
            String id = scene.request(0).header("ce-id");
            scene.request(0).answer(422);

            client.expectPuback(1);
            assertThat(watch.expectPublish(
                                    "dead/c\"d/up/x",
                                    "{\"id\":\"" + id + "\",\"clientId\":\"c\\\"d\",\"topic\":\"up/x\","
                                            + "\"time\":\"2030-01-01T00:00:00Z\",\"status\":422,\"reason\":\"status 422\",\"tries\":1,"
                                            + "\"payload\":\""
                                            + Base64.getEncoder().encodeToString("payload".getBytes())
                                            + "\"}")
                            .qos())
                    .isEqualTo(1);
            assertThat(scene.count(HttpCounter.DEAD_LETTERS)).isEqualTo(1);
        }
    }

    @Test
    void answerOf2xx_whoseBodyDoesNotCome_isDelivered() {
        try (UplinkScene scene =
                UplinkScene.of(route -> route.timeout(Duration.ofSeconds(1)).replyTopic("r"))) {
            TestClient client = scene.client("c").publish("up/x", "a", 1, 1);
            scene.request(0).answerHead(200, "half");
            scene.advance(Duration.ofSeconds(1));

            client.expectPuback(1);
            assertThat(scene.events).containsExactly("reply lost c up/x: no whole answer in time");
            assertThat(scene.count(HttpCounter.REPLIES_LOST)).isEqualTo(1);
            assertThat(scene.count(HttpCounter.DELIVERED)).isEqualTo(1);
        }
    }

    @Test
    void backendThatAnswers500For10Seconds_getsAllInOrderThen_andNothingIsGivenUp() {
        try (UplinkScene scene = UplinkScene.of(route -> route)) {
            List<TestClient> clients = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                TestClient client = scene.client("c" + i);
                for (int k = 1; k <= 3; k++) {
                    client.publish("up/x", "c" + i + "-" + k, 1, k);
                }
                clients.add(client);
            }
            int failed = 0;
            for (int millis = 0; millis < 10_000; millis += 10) {
                for (; failed < scene.backend.exchanges().size(); failed++) {
                    scene.request(failed).answer(500);
                }
                scene.advanceMillis(10);
            }
            clients.forEach(TestClient::expectNothing);
            assertThat(scene.count(HttpCounter.DELIVERED)).isZero();
            assertThat(scene.events).as("the breaker spares it").contains("open http://backend:8080");

            int answered = failed;
            for (int millis = 0; millis < 10_000; millis += 10) {
                for (; answered < scene.backend.exchanges().size(); answered++) {
                    scene.request(answered).answer(200);
                }
                scene.advanceMillis(10);
            }

            List<String> delivered = scene.allBodies().subList(failed, answered);
            assertThat(delivered).hasSize(30);
            for (int i = 0; i < 10; i++) {
                String mine = "c" + i + "-";
                assertThat(delivered.stream().filter(each -> each.startsWith(mine)))
                        .containsExactly(mine + 1, mine + 2, mine + 3);
                clients.get(i).expectPuback(1).expectPuback(2).expectPuback(3);
            }
            assertThat(scene.count(HttpCounter.DELIVERED)).isEqualTo(30);
            assertThat(scene.count(HttpCounter.GIVEN_UP)).isZero();
            assertThat(scene.count(HttpCounter.ERROR_ANSWERS)).isEqualTo(failed);
        }
    }

    @Test
    void breaker_holdsMessagesAndTellsSo() {
        try (UplinkScene scene = UplinkScene.with(builder ->
                builder.route(UplinkScene.route().build()).breaker(3, Duration.ofSeconds(1), Duration.ofSeconds(1)))) {
            TestClient[] clients = new TestClient[5];
            for (int i = 0; i < 3; i++) {
                clients[i] = scene.client("c" + i).publish("up/x", "a", 1, 1);
                scene.request(i).fail("refused");
            }
            assertThat(scene.events).containsExactly("open http://backend:8080");
            clients[3] = scene.client("c3").publish("up/x", "a", 1, 1);
            clients[4] = scene.client("c4").publish("up/x", "a", 1, 1);
            scene.advanceMillis(499);
            assertThat(scene.backend.exchanges()).hasSize(3);
            scene.advanceMillis(501);
            assertThat(scene.backend.exchanges()).hasSize(4);

            scene.request(3).answer(200);
            scene.backend.open().forEach(each -> each.answer(200));

            for (TestClient each : clients) {
                each.expectPuback(1);
            }
            assertThat(scene.events).containsExactly("open http://backend:8080", "closed http://backend:8080");
            assertThat(scene.count(HttpCounter.BREAKER_OPENED)).isEqualTo(1);
        }
    }
}
