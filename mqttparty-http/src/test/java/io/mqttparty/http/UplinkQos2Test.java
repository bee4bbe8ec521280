package io.mqttparty.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.http.internal.client.FakeHttpClient.Exchange;
import io.mqttparty.testkit.TestClient;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** F26: at QoS 2 of a persistent session the backend sees the same id, whatever dies. */
final class UplinkQos2Test {
    private static HttpCluster cluster(AckPolicy policy) {
        return new HttpCluster(
                2,
                builder -> builder.route(UplinkScene.route().acknowledge(policy).build()));
    }

    private static List<String> ids(HttpCluster cluster) {
        return cluster.all().stream()
                .map(each -> each.header("ce-id"))
                .distinct()
                .toList();
    }

    private static void kill(HttpCluster cluster, int node) {
        cluster.node(node).kill();
        cluster.node(node).backend().bus().reap();
    }

    @Test
    void on2xx_nodeDiesWhileTheBackendHasTheRequest_sentAgainElsewhere_sameId() {
        try (HttpCluster cluster = cluster(AckPolicy.ON_2XX)) {
            cluster.node(0).persistent("c").publish("up/x", "m", 2, 7);
            Exchange first = cluster.backends.get(0).exchange(0);
            kill(cluster, 0);

            TestClient again = cluster.node(1).resumed("c").publish("up/x", "m", 2, false, 7, true);
            Exchange second = cluster.backends.get(1).exchange(0);
            second.answer(204);

            again.expectPubrec(7).pubrel(7).expectPubcomp(7);
            assertThat(second.header("ce-id")).isEqualTo(first.header("ce-id"));
            assertThat(second.header("idempotency-key")).isEqualTo(first.header("ce-id"));
        }
    }

    @Test
    void on2xx_nodeDiesAfterTheBackendAnswered_beforePubrec_sameIdOrNoRequest() {
        try (HttpCluster cluster = cluster(AckPolicy.ON_2XX)) {
            cluster.node(0).persistent("c");
            cluster.node(0).backend().calls("qos2In").holdRequests();
            cluster.node(0).resumed("c").publish("up/x", "m", 2, 7);
            cluster.backends.get(0).exchange(0).answer(204);
            kill(cluster, 0);

            TestClient again = cluster.node(1).resumed("c").publish("up/x", "m", 2, false, 7, true);
            cluster.open().forEach(each -> each.answer(204));

            again.expectPubrec(7).pubrel(7).expectPubcomp(7);
            assertThat(ids(cluster)).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ON_2XX", "ON_OUTBOX"})
    void takeover_deviceSendsAgainThroughAnotherNode_sameId(AckPolicy policy) {
        try (HttpCluster cluster = cluster(policy)) {
            cluster.node(0).backend().calls("append").holdRequests(); // PUBREC waits
            TestClient old = cluster.node(0).persistent("c").publish("up/x", "m", 2, 7);

            TestClient again = cluster.node(1).resumed("c").publish("up/x", "m", 2, false, 7, true);
            List<String> bodies = cluster.deliverAll(Duration.ofSeconds(20));

            old.expectClosed();
            again.expectPubrec(7).pubrel(7).expectPubcomp(7);
            assertThat(bodies).isNotEmpty().containsOnly("m");
            assertThat(ids(cluster)).hasSize(1);
        }
    }

    @Test
    void onOutbox_nodeDiesBeforePubrec_appendedTwice_deliveredUnderOneId() {
        try (HttpCluster cluster = cluster(AckPolicy.ON_OUTBOX)) {
            cluster.node(0).backend().calls("append").loseAnswers(); // it is there, and nobody knows
            cluster.node(0).persistent("c").publish("up/x", "m", 2, 7).expectClosed();
            kill(cluster, 0);

            TestClient again = cluster.node(1).resumed("c").publish("up/x", "m", 2, false, 7, true);
            List<String> bodies = cluster.deliverAll(Duration.ofSeconds(40));

            again.expectPubrec(7).pubrel(7).expectPubcomp(7);
            assertThat(bodies).isNotEmpty().containsOnly("m");
            assertThat(ids(cluster)).hasSize(1);
            assertThat(cluster.waiting()).isZero();
        }
    }

    @Test
    void onOutbox_nodeDiesBetweenAppendAndPubrec_sentAgain_waitsOnce() {
        try (HttpCluster cluster = cluster(AckPolicy.ON_OUTBOX)) {
            cluster.node(0).backend().calls("append").holdAnswers();
            cluster.node(0).persistent("c").publish("up/x", "m", 2, 7);
            assertThat(cluster.waiting()).isOne();
            kill(cluster, 0);

            TestClient again = cluster.node(1).resumed("c").publish("up/x", "m", 2, false, 7, true);
            again.expectPubrec(7);
            assertThat(cluster.waiting()).isOne();

            assertThat(cluster.deliverAll(Duration.ofSeconds(40))).containsExactly("m");
            assertThat(ids(cluster)).hasSize(1);
            again.pubrel(7).expectPubcomp(7);
        }
    }
}
