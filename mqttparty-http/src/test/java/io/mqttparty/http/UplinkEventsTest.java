package io.mqttparty.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.http.internal.client.FakeHttpClient.Exchange;
import io.mqttparty.http.spi.HttpCounter;
import io.mqttparty.testkit.LoopbackConnection;
import io.mqttparty.testkit.TestClient;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Routes for what happens to clients. */
final class UplinkEventsTest {
    private static HttpRouteBuilder events(String filter) {
        return HttpRoute.builder(filter, "http://backend/{topic.3}/{clientId}");
    }

    private static HttpCluster cluster(int nodes, AckPolicy policy) {
        return new HttpCluster(
                nodes,
                builder -> builder.route(
                        events("$SYS/clients/+").acknowledge(policy).build()));
    }

    private static TestClient withWill(HttpCluster cluster, int node) {
        return TestClient.connect(
                        cluster.node(node).connection(),
                        c -> c.clientId("d/1").username("anna").will("wills/d", "gone", 1, true))
                .expectConnack(0, false);
    }

    private static void lose(HttpCluster cluster, TestClient client) {
        ((LoopbackConnection) client.pipe()).resetByPeer();
        cluster.scene.clock().runUntilIdle();
    }

    private static List<String> paths(HttpCluster cluster) {
        return cluster.all().stream()
                .map(each -> each.request().uri().getRawPath())
                .toList();
    }

    @Test
    void connected_saysWhoAndWhere() {
        try (HttpCluster cluster = cluster(1, AckPolicy.ON_2XX)) {
            withWill(cluster, 0);

            Exchange request = cluster.all().get(0);
            assertThat(request.request().uri()).hasToString("http://backend/connected/d%2F1");
            assertThat(request.header("ce-type")).isEqualTo("io.mqttparty.client.connected");
            assertThat(request.header("ce-id")).matches("[0-9a-f]{32}");
            assertThat(request.header("ce-clientid")).isEqualTo("d/1");
            assertThat(request.header("ce-subject")).isEqualTo("$SYS/clients/connected");
            assertThat(request.request().headers().allValues("content-type")).containsExactly("application/json");
            assertThat(request.body())
                    .startsWith("{\"event\":\"connected\",\"clientId\":\"d/1\",\"node\":\""
                            + cluster.node(0).id()
                            + "\",\"username\":\"anna\",\"sessionPresent\":false,\"cleanSession\":true,\"keepAlive\":")
                    .contains("\"remoteAddress\":", "\"listener\":");
            request.answer(204);
        }
    }

    @Test
    void willAndEnd_comeOneAfterTheOther_withIdsOfTheirOwn() {
        try (HttpCluster cluster = cluster(1, AckPolicy.ON_2XX)) {
            TestClient client = withWill(cluster, 0);
            lose(cluster, client);
            assertThat(cluster.all()).hasSize(1); // the others wait for the first

            List<String> bodies = cluster.deliverAll(Duration.ofSeconds(1));

            assertThat(bodies).hasSize(3);
            assertThat(bodies.get(0)).contains("\"event\":\"connected\"");
            assertThat(bodies.subList(1, 3))
                    .anySatisfy(body -> assertThat(body)
                            .contains("\"event\":\"disconnected\"", "\"reason\":\"UNSPECIFIED_ERROR\""));
            assertThat(bodies.subList(1, 3))
                    .anySatisfy(body -> assertThat(body)
                            .contains(
                                    "\"event\":\"will\"",
                                    "\"topic\":\"wills/d\",\"qos\":1,\"retain\":true,\"payload\":\"Z29uZQ==\""));
            assertThat(cluster.all().stream().map(each -> each.header("ce-id")).distinct())
                    .hasSize(3);
        }
    }

    @Test
    void disconnect_ofTheClient_isSuccess() {
        try (HttpCluster cluster = cluster(1, AckPolicy.ON_2XX)) {
            cluster.node(0).client("c").disconnect().expectClosed();

            List<String> bodies = cluster.deliverAll(Duration.ofSeconds(1));

            assertThat(bodies.get(1)).contains("\"reason\":\"SUCCESS\"");
        }
    }

    @Test
    void eachKind_canBeRoutedAlone_andWildcardsAtTheFrontTakeNone() {
        try (HttpCluster cluster = new HttpCluster(
                1,
                builder -> builder.route(events("$SYS/clients/disconnected").build())
                        .route(HttpRoute.builder("#", "http://backend/all").build()))) {
            cluster.node(0).client("c").disconnect().expectClosed();

            assertThat(cluster.deliverAll(Duration.ofSeconds(1))).hasSize(1);
            assertThat(paths(cluster)).containsExactly("/disconnected/c");
        }
    }

    @Test
    void client_cannotPublishAnEvent() {
        try (HttpCluster cluster = cluster(1, AckPolicy.ON_2XX)) {
            TestClient client = cluster.node(0).client("c");
            cluster.deliverAll(Duration.ofMillis(100));

            client.published("$SYS/clients/connected", "{}", 1);

            assertThat(cluster.all()).hasSize(1);
        }
    }

    @Test
    void backendDown_isTriedAgainUnderTheSameId_thenGivenUpAndSaid_theNextOneIsNot() {
        try (HttpCluster cluster = cluster(1, AckPolicy.ON_2XX)) {
            TestClient client = cluster.node(0).client("c");
            for (int i = 0; i < 25; i++) {
                if (i == 15) {
                    client.disconnect().expectClosed();
                }
                cluster.open().stream()
                        .filter(each -> each.body().contains("\"event\":\"connected\""))
                        .forEach(each -> each.answer(503));
                cluster.scene.advanceSeconds(1);
            }

            assertThat(cluster.events).containsExactly("given up c $SYS/clients/connected: status 503");
            assertThat(cluster.upstreams.get(0).count(HttpCounter.LOST)).isOne();
            List<Exchange> tries = cluster.all().stream()
                    .filter(each -> each.body().contains("\"event\":\"connected\""))
                    .toList();
            assertThat(tries).hasSizeGreaterThan(3);
            assertThat(tries.stream().map(each -> each.header("ce-id")).distinct())
                    .hasSize(1);
            assertThat(cluster.deliverAll(Duration.ofSeconds(1)))
                    .singleElement()
                    .asString()
                    .contains("disconnected");
        }
    }

    @Test
    void tooMany_areCountedAndSaid() {
        try (HttpCluster cluster = new HttpCluster(
                1,
                builder -> builder.backlog(4)
                        .route(events("$SYS/clients/connected").build()))) {
            IntStream.range(0, 6).forEach(i -> cluster.node(0).client("c" + i));

            assertThat(cluster.upstreams.get(0).count(HttpCounter.BACKLOG_FULL)).isEqualTo(2);
            assertThat(cluster.events).hasSize(2).allMatch(event -> event.contains("too many messages wait"));
            assertThat(cluster.deliverAll(Duration.ofSeconds(1))).hasSize(4);
        }
    }

    @Test
    void onOutbox_anotherNodeDeliversWhenThisOneDies() {
        try (HttpCluster cluster = cluster(2, AckPolicy.ON_OUTBOX)) {
            cluster.scene.advanceSeconds(10);
            TestClient client = withWill(cluster, 0);
            lose(cluster, client);
            assertThat(cluster.waiting()).isEqualTo(3);
            cluster.node(0).kill();
            cluster.node(0).backend().bus().reap();

            List<String> bodies = cluster.deliverAll(Duration.ofSeconds(40));

            assertThat(bodies.stream().distinct()).hasSize(3);
            assertThat(bodies.get(0)).contains("\"event\":\"connected\"");
            assertThat(cluster.all()).allMatch(each -> each.header("ce-type").startsWith("io.mqttparty.client."));
            assertThat(cluster.waiting()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void node_dies_anotherOneReportsTheEndsOfItsConnectionsOnce(AckPolicy policy) {
        try (HttpCluster cluster = cluster(3, policy)) {
            String dead = cluster.node(0).id().value();
            cluster.node(0).persistent("c");
            withWill(cluster, 0);
            cluster.node(1).client("other");
            assertThat(cluster.deliverAll(Duration.ofSeconds(1))).hasSize(3);

            cluster.node(0).kill();
            cluster.node(0).backend().bus().reap();
            List<String> bodies = cluster.deliverAll(Duration.ofSeconds(60));

            assertThat(bodies)
                    .hasSize(3)
                    .contains(
                            "{\"event\":\"disconnected\",\"clientId\":\"c\",\"node\":\"" + dead
                                    + "\",\"reason\":\"NODE_DOWN\"}",
                            "{\"event\":\"disconnected\",\"clientId\":\"d/1\",\"node\":\"" + dead
                                    + "\",\"reason\":\"NODE_DOWN\"}")
                    .anySatisfy(body -> assertThat(body).contains("\"event\":\"will\",\"clientId\":\"d/1\""));
        }
    }

    @ParameterizedTest
    @EnumSource
    void node_stops_itsConnectionsEndWithoutEvents(AckPolicy policy) {
        try (HttpCluster cluster = cluster(1, policy)) {
            cluster.node(0).client("c");
            assertThat(cluster.deliverAll(Duration.ofSeconds(1))).hasSize(1);

            var stopped = cluster.node(0).broker().stop().toCompletableFuture();
            cluster.scene.advanceSeconds(6);

            assertThat(stopped).isCompleted();
            assertThat(cluster.all()).hasSize(1);
            assertThat(cluster.events).isEmpty();
        }
    }
}
