package io.mqttparty.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.testkit.BrokerEvent.WillPublished;
import io.mqttparty.testkit.ControlledAuthorizer;
import io.mqttparty.testkit.ControlledAuthorizer.Question;
import io.mqttparty.testkit.LoopbackConnection;
import io.mqttparty.testkit.TestClient;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Listeners hear of a will once, whichever node publishes it. */
final class WillEventTest {
    private static TestClient withWill(ClusterNode node) {
        return TestClient.connect(
                node.connection(),
                c -> c.clientId("c").username("user").cleanSession(false).will("will", "gone", 1, true));
    }

    private static void lose(ClusterScene scene, TestClient client) {
        ((LoopbackConnection) client.pipe()).resetByPeer();
        scene.clock().runUntilIdle();
    }

    private static List<WillPublished> heard(ClusterNode node) {
        return node.events().events(WillPublished.class);
    }

    private static List<WillPublished> heard(ClusterScene scene, int nodes) {
        return IntStream.range(0, nodes)
                .mapToObj(i -> heard(scene.node(i)))
                .flatMap(List::stream)
                .toList();
    }

    @Test
    void connection_lost_itsNodeTellsWithAllThatIsKnown() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            TestClient client = withWill(scene.node(0)).expectConnack(0, false);
            assertThat(heard(scene, 2)).isEmpty();

            lose(scene, client);
            scene.advanceSeconds(10);

            assertThat(heard(scene, 2))
                    .isEqualTo(heard(scene.node(0)))
                    .singleElement()
                    .satisfies(event -> {
                        assertThat(event.client().clientId().value()).isEqualTo("c");
                        assertThat(event.client().username()).contains("user");
                        assertThat(event.client().listener()).isNotEqualTo("unknown");
                        assertThat(event.will().topic().value()).isEqualTo("will");
                        assertThat(event.will().payload().asUtf8String()).isEqualTo("gone");
                        assertThat(event.will().qos().value()).isEqualTo(1);
                        assertThat(event.will().retain()).isTrue();
                    });
        }
    }

    @Test
    void takeover_toldOnce() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            withWill(scene.node(0)).expectConnack(0, false);

            withWill(scene.node(1));
            scene.advanceSeconds(10);

            assertThat(heard(scene, 2)).hasSize(1);
        }
    }

    @Test
    void kill_theNodeThatPublishesItTells() {
        try (ClusterScene scene = ClusterScene.of(3)) {
            withWill(scene.node(0)).expectConnack(0, false);

            scene.node(0).kill();
            scene.node(0).backend().bus().reap();
            scene.advanceSeconds(10);

            assertThat(heard(scene, 3)).singleElement().satisfies(event -> {
                assertThat(event.client().clientId().value()).isEqualTo("c");
                assertThat(event.client().username()).contains("user");
            });
            assertThat(heard(scene.node(0))).isEmpty();
        }
    }

    @Test
    void store_failsFirst_toldOnceWhenItIsPublished() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            TestClient client = withWill(scene.node(0)).expectConnack(0, false);
            scene.node(0).backend().calls("fireWill").failRequests();
            lose(scene, client);
            assertThat(heard(scene, 2)).isEmpty();

            scene.node(0).backend().calls("fireWill").pass();
            scene.advanceSeconds(10);

            assertThat(heard(scene, 2)).hasSize(1);
        }
    }

    @Test
    void disconnect_nobodyIsTold() {
        try (ClusterScene scene = ClusterScene.of(1)) {
            withWill(scene.node(0)).expectConnack(0, false).disconnect().expectClosed();
            scene.advanceSeconds(10);

            assertThat(heard(scene, 1)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void will_mayNotBePublishedAnyMore_nobodyIsTold(boolean allowed) {
        ControlledAuthorizer authorizer = new ControlledAuthorizer();
        authorizer.calls().answerEach(question -> true);
        try (ClusterScene scene = ClusterScene.of(1, b -> b.allowAnonymous().authorizer(authorizer))) {
            TestClient client = withWill(scene.node(0)).expectConnack(0, false);
            authorizer.calls().answerEach(question -> allowed || !(question instanceof Question.MayPublish));

            lose(scene, client);
            scene.advanceSeconds(10);

            assertThat(heard(scene, 1)).hasSize(allowed ? 1 : 0);
        }
    }
}
