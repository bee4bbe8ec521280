package io.mqttparty.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttparty.http.internal.client.FakeHttpClient.Exchange;
import io.mqttparty.http.spi.HttpCounter;
import io.mqttparty.model.ClientId;
import io.mqttparty.model.Limits;
import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.spi.DeadLetters.DeadLetter;
import io.mqttparty.spi.MessageId;
import io.mqttparty.spi.Outbox.Entry;
import io.mqttparty.testkit.ServerPacket;
import io.mqttparty.testkit.TestClient;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Routes that acknowledge when a message is in the outbox. */
final class UplinkOutboxTest {
    private static final HttpRoute ROUTE = UplinkScene.route()
            .acknowledge(AckPolicy.ON_OUTBOX)
            .replyTopic("reply/{clientId}")
            .deadLetterTopic("dead/{clientId}")
            .build();

    private static HttpCluster cluster(int nodes) {
        return new HttpCluster(nodes, builder -> builder.route(ROUTE));
    }

    // ---- one node ----

    @Test
    void publish_isAcknowledgedBeforeTheBackendAnswers() {
        try (HttpCluster cluster = cluster(1)) {
            TestClient client = cluster.node(0).client("c").published("up/1", "a", 1);
            client.publish("up/2", "b", 2, 9).expectPubrec(9).pubrel(9).expectPubcomp(9);
            client.publish("up/3", "q");

            assertThat(cluster.upstreams.get(0).count(HttpCounter.OUTBOX_APPENDED))
                    .isEqualTo(3);
            assertThat(cluster.waiting()).isEqualTo(3);
            assertThat(cluster.deliverAll(Duration.ofSeconds(1))).containsExactly("a", "b", "q");
            assertThat(cluster.waiting()).isZero();
            assertThat(cluster.upstreams.get(0).count(HttpCounter.DELIVERED)).isEqualTo(3);
        }
    }

    @Test
    void request_isTheSameAsWithoutAnOutbox() {
        try (HttpCluster cluster = cluster(1)) {
            cluster.node(0).client("c/1").published("up/x", "a", 1);

            Exchange request = cluster.all().get(0);
            assertThat(request.request().uri()).hasToString("http://backend:8080/v1/c%2F1");
            assertThat(request.header("ce-type")).isEqualTo("io.mqttparty.message");
            assertThat(request.header("ce-subject")).isEqualTo("up/x");
            assertThat(request.header("ce-clientid")).isEqualTo("c/1");
            assertThat(request.header("ce-id")).matches("[0-9a-f]{32}").isEqualTo(request.header("idempotency-key"));
            assertThat(request.header("ce-time")).isEqualTo("2030-01-01T00:00:00Z");
            request.answer(204);
        }
    }

    @Test
    void answerWithABody_isSentToTheDevice() {
        try (HttpCluster cluster = cluster(1)) {
            TestClient client = cluster.node(0).client("c").published("up/x", "?", 1);
            cluster.all().get(0).answer(200, Map.of(), "yes");

            assertThat(client.expect(ServerPacket.Publish.class).text()).isEqualTo("yes");
        }
    }

    @Test
    void backendDown_isTriedAgainUnderTheSameIdAndInOrder_nothingIsLost() {
        try (HttpCluster cluster = cluster(1)) {
            TestClient client = cluster.node(0).client("c");
            client.published("up/x", "1", 1).published("up/x", "2", 1);
            String id = cluster.all().get(0).header("ce-id");
            for (int i = 0; i < 100; i++) {
                cluster.open().forEach(each -> each.answer(503));
                cluster.scene.advanceMillis(100);
            }
            assertThat(cluster.all())
                    .hasSizeGreaterThan(3)
                    .allMatch(each -> each.header("ce-id").equals(id));

            assertThat(cluster.deliverAll(Duration.ofSeconds(120))).containsExactly("1", "2");
            assertThat(cluster.upstreams.get(0).count(HttpCounter.OUTBOX_RETRIES))
                    .isGreaterThan(2);
        }
    }

    static Stream<IOException> noConnection() {
        return Stream.of(
                new ConnectException("refused"),
                new HttpConnectTimeoutException("timed out"),
                new SSLHandshakeException("expired"));
    }

    @ParameterizedTest
    @MethodSource("noConnection")
    void backendDown_forLong_withoutConnection_neverADeadLetter(IOException failure) {
        HttpRoute quick = HttpRoute.builder("up/#", "http://backend/")
                .acknowledge(AckPolicy.ON_OUTBOX)
                .build();
        try (HttpCluster cluster =
                new HttpCluster(1, builder -> builder.route(quick).outboxTries(3))) {
            cluster.node(0).client("c").published("up/x", "1", 1);
            for (int i = 0; i < 3_600; i++) {
                cluster.open().forEach(each -> each.fail(failure));
                cluster.scene.advanceMillis(1_000);
            }
            assertThat(cluster.deadLetters()).isEmpty();

            assertThat(cluster.deliverAll(Duration.ofSeconds(20))).containsExactly("1");
        }
    }

    @Test
    void backendAsksForTime_getsIt() {
        try (HttpCluster cluster = cluster(1)) {
            cluster.node(0).client("c").published("up/x", "1", 1);
            cluster.all().get(0).answer(503, Map.of("retry-after", "60"), "");
            cluster.scene.advanceSeconds(59);
            assertThat(cluster.all()).hasSize(1);

            cluster.scene.advanceSeconds(1);

            assertThat(cluster.all()).hasSize(2);
            cluster.all().get(1).answer(204);
        }
    }

    @Test
    void backendAsksForMoreTimeThanTheRouteGrants_getsThat() {
        HttpRoute hasty = UplinkScene.route()
                .acknowledge(AckPolicy.ON_OUTBOX)
                .longestRetryAfter(Duration.ofSeconds(20))
                .build();
        try (HttpCluster cluster = new HttpCluster(1, builder -> builder.route(hasty))) {
            cluster.node(0).client("c").published("up/x", "1", 1);
            cluster.all().get(0).answer(503, Map.of("retry-after", "60"), "");
            cluster.scene.advanceMillis(19_999);
            assertThat(cluster.all()).hasSize(1);
            cluster.scene.advanceMillis(1);

            assertThat(cluster.all()).hasSize(2);
            cluster.all().get(1).answer(204);
        }
    }

    @Test
    void backendIsUnavailableAndAsksForTime_nothingOfTheRouteIsSent() {
        try (HttpCluster cluster = cluster(1)) {
            cluster.node(0).client("c").published("up/x", "1", 1);
            cluster.all().get(0).answer(503, Map.of("retry-after", "60"), "");
            for (int i = 0; i < 20; i++) {
                cluster.node(0).client("d" + i).published("up/x", "d" + i, 1);
                cluster.scene.advanceSeconds(2);
            }
            assertThat(cluster.all()).hasSize(1);

            cluster.scene.advanceSeconds(20);

            assertThat(cluster.all()).hasSize(22);
            assertThat(cluster.deliverAll(Duration.ofSeconds(1))).hasSize(21);
            assertThat(cluster.deadLetters()).isEmpty();
            assertThat(cluster.upstreams.get(0).count(HttpCounter.HELD_BACK)).isEqualTo(20);
            assertThat(cluster.upstreams.get(0).count(HttpCounter.OUTBOX_RETRIES))
                    .isEqualTo(1);
        }
    }

    @Test
    void refusedForGood_isADeadLetterAtOnce_andCanBePlayedAgain() {
        try (HttpCluster cluster = cluster(1)) {
            TestClient watcher = cluster.node(0).client("watcher").subscribed("dead/#", 1);
            cluster.node(0).client("c").published("up/x", "bad", 1).published("up/x", "good", 1);
            cluster.all().get(0).answer(422);

            assertThat(cluster.all().get(1).body()).isEqualTo("good");
            cluster.all().get(1).answer(204);
            assertThat(cluster.events).containsExactly("dead c up/x after 1: status 422");
            assertThat(watcher.expect(ServerPacket.Publish.class).text()).contains("\"status\":422");
            assertThat(cluster.upstreams.get(0).count(HttpCounter.REFUSED)).isOne();
            assertThat(cluster.upstreams.get(0).count(HttpCounter.OUTBOX_DEAD_LETTERS))
                    .isOne();
            DeadLetter letter = cluster.deadLetters().get(0);

            HttpCluster.now(cluster.outbox().deadLetters().requeue(letter.shard(), letter.position()));

            assertThat(cluster.deliverAll(Duration.ofSeconds(6))).containsExactly("bad");
            assertThat(cluster.all().get(2).header("ce-id"))
                    .isEqualTo(cluster.all().get(0).header("ce-id"));
            assertThat(cluster.deadLetters()).isEmpty();
        }
    }

    @Test
    void triedTooOften_isADeadLetter() {
        try (HttpCluster cluster =
                new HttpCluster(1, builder -> builder.route(ROUTE).outboxTries(3))) {
            TestClient watcher = cluster.node(0).client("watcher").subscribed("dead/#", 1);
            cluster.node(0).client("c").published("up/x", "1", 1);
            for (int i = 0; i < 100; i++) {
                cluster.open().forEach(each -> each.answer(500));
                cluster.scene.advanceMillis(100);
            }

            assertThat(cluster.all()).hasSize(3);
            assertThat(cluster.events)
                    .containsExactly("given up c up/x: status 500", "dead c up/x after 3: status 500");
            assertThat(cluster.deadLetters()).singleElement().satisfies(letter -> {
                assertThat(letter.attempts()).isEqualTo(3);
                assertThat(letter.reason()).isEqualTo("status 500");
            });
            assertThat(watcher.expect(ServerPacket.Publish.class).text()).contains("\"tries\":3");
        }
    }

    @Test
    void outboxFull_isNotAcknowledgedAndClosed_andArrivesWhenItIsSentAgain() {
        Limits small = Limits.DEFAULTS.withOutboxMessages(16);
        try (UplinkScene scene = UplinkScene.with(builder -> builder.route(ROUTE), broker -> broker.limits(small))) {
            TestClient client = scene.client("c").published("up/x", "1", 1);

            client.publish("up/x", "2", 1, 2).expectClosed();

            assertThat(scene.count(HttpCounter.OUTBOX_REFUSED)).isOne();
            scene.request(0).answer(204);
            scene.client("c").published("up/x", "2", 1);
            scene.request(1).answer(204);
            assertThat(scene.allBodies()).containsExactly("1", "2");
        }
    }

    @Test
    void outboxFails_nothingThatCameBehindIsAppended() {
        try (HttpCluster cluster = cluster(1)) {
            var append = cluster.node(0).backend().calls("append").holdRequests();
            TestClient client = cluster.node(0).client("c");
            client.publish("up/x", "1", 1, 1).publish("up/x", "2", 1, 2).publish("up/x", "3", 1, 3);
            assertThat(append.waiting()).isOne();

            append.pass();
            append.failNext();

            client.expectClosed();
            assertThat(cluster.waiting()).isZero();
            assertThat(cluster.upstreams.get(0).count(HttpCounter.OUTBOX_REFUSED))
                    .isEqualTo(3);
        }
    }

    @Test
    void routesWithTheSameFilter_needNames() {
        HttpRoute same = HttpRoute.builder("up/#", "http://other/")
                .acknowledge(AckPolicy.ON_OUTBOX)
                .build();
        assertThatThrownBy(() -> HttpUpstream.builder().route(ROUTE).route(same).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("name: up/# twice");

        HttpRoute named = HttpRoute.builder("up/#", "http://other/")
                .name("other")
                .acknowledge(AckPolicy.ON_OUTBOX)
                .build();
        try (HttpCluster cluster =
                new HttpCluster(1, builder -> builder.route(ROUTE).route(named))) {
            cluster.node(0).client("c").published("up/x", "1", 1);
            assertThat(cluster.waiting()).isEqualTo(2);
            assertThat(cluster.deliverAll(Duration.ofSeconds(1))).containsExactly("1", "1");
            assertThat(cluster.all().stream().map(each -> each.request().uri().getHost()))
                    .containsExactlyInAnyOrder("backend", "other");
        }
    }

    // ---- several nodes ----

    @Test
    void node_dies_anotherDeliversWhatItAcknowledged_inOrderAndUnderTheSameIds() {
        try (HttpCluster cluster = cluster(3)) {
            cluster.scene.advanceSeconds(10);
            TestClient client = cluster.node(0).client("c");
            for (int i = 0; i < 5; i++) {
                client.published("up/x", "m" + i, 1);
            }
            List<Exchange> first = cluster.open();
            cluster.node(0).kill();
            cluster.node(0).backend().bus().reap();
            List<String> ids = first.stream().map(each -> each.header("ce-id")).toList();

            List<String> bodies = cluster.deliverAll(Duration.ofSeconds(40));

            assertThat(bodies.stream().distinct()).containsExactly("m0", "m1", "m2", "m3", "m4");
            assertThat(cluster.all().stream()
                            .filter(each -> each.body().equals("m0"))
                            .map(each -> each.header("ce-id"))
                            .distinct())
                    .containsExactlyElementsOf(ids);
            assertThat(cluster.waiting()).isZero();
        }
    }

    @Test
    void node_diesBetweenDeliveryAndDone_backendSeesTheSameIdAgain() {
        try (HttpCluster cluster = cluster(2)) {
            cluster.scene.advanceSeconds(10);
            cluster.node(0).client("c").published("up/x", "1", 1);
            cluster.scene.advanceSeconds(1);
            int holder = cluster.backends.get(0).exchanges().isEmpty() ? 1 : 0;
            cluster.node(holder).backend().calls("done").holdRequests();
            Exchange delivered = cluster.open().get(0);
            delivered.answer(204);
            cluster.node(holder).kill();
            cluster.node(holder).backend().bus().reap();

            assertThat(cluster.deliverAll(Duration.ofSeconds(40))).containsExactly("1");
            Exchange again = cluster.backends.get(1 - holder).exchange(0);
            assertThat(again.header("ce-id")).isEqualTo(delivered.header("ce-id"));
            assertThat(cluster.waiting()).isZero();
        }
    }

    @Test
    void node_stops_anotherGoesOnSoon() {
        try (HttpCluster cluster = cluster(2)) {
            cluster.scene.advanceSeconds(10);
            var stopped = cluster.node(0).broker().stop().toCompletableFuture();
            cluster.scene.advanceSeconds(6);
            assertThat(stopped).isCompleted();
            for (int i = 0; i < 32; i++) {
                cluster.node(1).client("c" + i).published("up/x", "m" + i, 1);
            }

            assertThat(cluster.deliverAll(Duration.ofSeconds(6))).hasSize(32);
        }
    }

    @Test
    void route_isUnknownToTheNode_isLeftToOthersForAWhile() {
        try (HttpCluster cluster = cluster(1)) {
            cluster.node(0)
                    .broker()
                    .outbox()
                    .append(new Entry(
                            new MessageId(1, 2),
                            ClientId.of("c"),
                            "later",
                            Message.of("t", "1", QoS.AT_LEAST_ONCE),
                            Map.of(),
                            0));
            cluster.scene.advance(Duration.ofMinutes(5));
            assertThat(cluster.deadLetters()).isEmpty();

            cluster.scene.advance(Duration.ofMinutes(15));

            assertThat(cluster.deadLetters())
                    .extracting(DeadLetter::reason)
                    .containsExactly("no route later on this node");
            assertThat(cluster.all()).isEmpty();
        }
    }
}
