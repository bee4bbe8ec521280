package io.mqttparty.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.Limits;
import io.mqttparty.spi.BrokerListener;
import io.mqttparty.spi.Counter;
import io.mqttparty.spi.NodeId;
import io.mqttparty.testkit.BrokerEvent.ConnectionLost;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** When a node is gone, one of the others tells whose connections went with it. */
class NodeLossTest {
    private static List<ConnectionLost> heard(ClusterNode... nodes) {
        List<ConnectionLost> all = new ArrayList<>();
        for (ClusterNode node : nodes) {
            all.addAll(node.events().events(ConnectionLost.class));
        }
        return all;
    }

    private static void kill(ClusterScene scene, ClusterNode node) {
        node.kill();
        node.backend().bus().reap();
        scene.clock().runUntilIdle();
    }

    @Test
    void kill_eachOfItsClientsIsToldOnceByOneOfTheOthers() {
        try (ClusterScene scene = ClusterScene.of(3)) {
            ClusterNode dead = scene.node(0);
            NodeId id = dead.id();
            dead.persistent("p");
            dead.client("t");
            dead.client("gone before").disconnect().expectClosed();
            scene.node(1).client("elsewhere");

            kill(scene, dead);
            scene.advanceSeconds(10);

            assertThat(heard(scene.node(1), scene.node(2)))
                    .containsExactlyInAnyOrder(
                            new ConnectionLost(ClientId.of("p"), id), new ConnectionLost(ClientId.of("t"), id));
            assertThat(scene.node(1).count(Counter.CONNECTIONS_LOST_ELSEWHERE)
                            + scene.node(2).count(Counter.CONNECTIONS_LOST_ELSEWHERE))
                    .isEqualTo(2);
        }
    }

    @Test
    void kill_clientThatIsBackBefore_isNotTold() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            scene.node(0).persistent("p");
            scene.node(0).persistent("q");
            scene.node(0).kill();
            scene.node(1).resumed("p");

            scene.node(0).backend().bus().reap();
            scene.advanceSeconds(1);

            assertThat(scene.node(1).events().lines()).containsSubsequence("connected p (session present)", "lost q");
            assertThat(heard(scene.node(1))).hasSize(1);
        }
    }

    @Test
    void stop_inOrder_tellsNobodyElse() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            scene.node(0).persistent("p");

            scene.node(0).stop();
            scene.advanceSeconds(1);

            assertThat(scene.node(0).events().lines()).contains("disconnected p SERVER_SHUTTING_DOWN");
            assertThat(heard(scene.node(0), scene.node(1))).isEmpty();
        }
    }

    @Test
    void fence_nodeThatWasTakenForDead_bothTell() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            NodeId id = scene.node(0).id();
            scene.node(0).persistent("p");

            scene.node(0).fence();
            scene.advanceSeconds(5);

            assertThat(scene.node(0).id()).isNotEqualTo(id);
            assertThat(scene.node(0).events().lines()).contains("disconnected p SERVER_UNAVAILABLE");
            assertThat(heard(scene.node(0), scene.node(1))).containsExactly(new ConnectionLost(ClientId.of("p"), id));
        }
    }

    @Test
    void kill_manyClients_areToldAHundredAtATime() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            IntStream.range(0, 250).forEach(i -> scene.node(0).client("c" + i));

            kill(scene, scene.node(0));

            assertThat(heard(scene.node(1))).hasSize(1);
            scene.advanceMillis(49);
            assertThat(heard(scene.node(1))).hasSize(1);
            scene.advanceMillis(1);
            assertThat(heard(scene.node(1))).hasSize(101);
            scene.advanceMillis(50);
            assertThat(heard(scene.node(1))).hasSize(201);
            scene.advanceMillis(50);
            assertThat(heard(scene.node(1))).hasSize(250).doesNotHaveDuplicates();
        }
    }

    @Test
    void kill_moreThanMayWait_areCountedAndTheRateStays() {
        try (ClusterScene scene = ClusterScene.of(2, Limits.DEFAULTS.withConnections(150))) {
            ClusterNode left = scene.node(1);
            IntStream.range(0, 140).forEach(i -> scene.node(0).client("a" + i));
            kill(scene, scene.node(0));
            ClusterNode second = scene.addNode();
            IntStream.range(0, 140).forEach(i -> second.client("b" + i));

            kill(scene, second); // 139 wait already

            assertThat(heard(left)).hasSize(1);
            assertThat(left.count(Counter.CONNECTIONS_LOST_ELSEWHERE)).isEqualTo(280);
            assertThat(left.count(Counter.LOST_CONNECTIONS_UNTOLD)).isEqualTo(129);
            scene.advanceMillis(50);
            assertThat(heard(left)).hasSize(101);
            scene.advanceSeconds(1);
            assertThat(heard(left)).hasSize(151).doesNotHaveDuplicates();
        }
    }

    @Test
    void listenerThatThrows_theOthersAreTold() {
        BrokerListener throwing = new BrokerListener() {
            @Override
            public void onConnectionLost(ClientId client, NodeId node) {
                throw new IllegalStateException("on purpose");
            }
        };
        try (ClusterScene scene = ClusterScene.of(2, b -> b.allowAnonymous().brokerListener(throwing))) {
            IntStream.range(0, 150).forEach(i -> scene.node(0).client("c" + i));

            kill(scene, scene.node(0));
            scene.advanceSeconds(1);

            assertThat(heard(scene.node(1))).hasSize(150);
        }
    }
}
