package io.mqttparty.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttparty.model.QoS;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.RouteChange;
import io.mqttparty.spi.RoutePosition;
import io.mqttparty.spi.SessionStore.Attached;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The contract of {@link io.mqttparty.spi.RouteLog}. */
public abstract class RouteLogContract extends BackendContract {
    private static final TopicFilter X = TopicFilter.of("x/+");
    private static final TopicFilter SHARED = TopicFilter.of("$share/g/x/#");

    private final List<ContractNode> joined = new ArrayList<>();

    @AfterEach
    final void leave() {
        joined.forEach(node -> await(backend().cluster().bus().leave(node.id())));
    }

    // ---- following ----

    @Test
    void follow_emptyLog_deliversNothing() {
        ContractNode third = join("three");

        assertThat(third.mirror().changes()).noneMatch(change -> !(change instanceof RouteChange.NodeDown));
        assertThat(third.mirror().breaches()).isEmpty();
    }

    @Test
    void follow_late_seesTheSameAsThoseWhoWereThere() {
        Attached a = connect("a").attach();
        subscribe(a.fence(), Subscription.of("s/1", QoS.AT_LEAST_ONCE));
        subscribe(a.fence(), Subscription.of("s/2", QoS.EXACTLY_ONCE));
        Attached gone = connect("gone").attach();
        subscribe(gone.fence(), Subscription.of("s/1", QoS.AT_LEAST_ONCE));
        connect("gone").transientSession().attach();
        add(node1(), X, QoS.AT_LEAST_ONCE);
        add(node2(), SHARED, QoS.EXACTLY_ONCE);
        await(routes().addTransient(node2().id(), X, QoS.AT_MOST_ONCE));
        remove(node2(), X);

        ContractNode third = join("three");
        ContractNode fourth = join("four");

        for (ContractNode each : List.of(node1(), node2(), third, fourth)) {
            eventually(() -> {
                assertThat(each.mirror().subscriptions(a.session()))
                        .hasValueSatisfying(routed -> assertThat(routed)
                                .containsExactlyInAnyOrder(
                                        Subscription.of("s/1", QoS.AT_LEAST_ONCE),
                                        Subscription.of("s/2", QoS.EXACTLY_ONCE)));
                assertThat(each.mirror().subscriptions(gone.session())).isEmpty();
                assertThat(each.mirror().filters(node1().id())).isEqualTo(Map.of(X, QoS.AT_LEAST_ONCE));
                assertThat(each.mirror().filters(node2().id())).isEqualTo(Map.of(SHARED, QoS.EXACTLY_ONCE));
            });
        }
    }

    @Test
    void follow_completed_snapshotWasDelivered() {
        Attached a = connect("a").attach();
        subscribe(a.fence(), Subscription.of("s", QoS.AT_LEAST_ONCE));
        add(node1(), X, QoS.AT_LEAST_ONCE);

        ContractNode third = join("three");

        assertThat(third.mirror().subscriptions(a.session())).isPresent();
        assertThat(third.mirror().filters(node1().id())).containsKey(X);
    }

    @Test
    void follow_whileOthersChange_missesNothing() {
        for (int round = 0; round < 20; round++) {
            TopicFilter filter = TopicFilter.of("round/" + round);
            List<ContractNode> newcomer = new ArrayList<>();
            Race.of(2, thread -> {
                if (thread == 0) {
                    newcomer.add(join("late"));
                } else {
                    add(node1(), filter, QoS.AT_LEAST_ONCE);
                }
                return true;
            });
            eventually(() ->
                    assertThat(newcomer.get(0).mirror().filters(node1().id())).containsKey(filter));
            assertThat(newcomer.get(0).mirror().breaches()).isEmpty();
        }
    }

    @Test
    void follow_manyWriters_callsDoNotOverlapAndEndAlike() {
        int threads = 4;
        int each = 50;
        Race.of(threads, thread -> {
            for (int i = 0; i < each; i++) {
                TopicFilter own = TopicFilter.of("f/" + thread + "/" + i);
                add(thread % 2 == 0 ? node1() : node2(), own, QoS.AT_LEAST_ONCE);
                if (i % 2 == 0) {
                    remove(thread % 2 == 0 ? node1() : node2(), own);
                }
            }
            return true;
        });

        for (ContractNode node : List.of(node1(), node2())) {
            eventually(() -> {
                assertThat(node.mirror().filters(node1().id())).hasSize(threads / 2 * each / 2);
                assertThat(node.mirror().filters(node2().id())).hasSize(threads / 2 * each / 2);
            });
            assertThat(node.mirror().breaches()).isEmpty();
        }
    }

    @Test
    void follow_again_replacesTheMirrorByTheSnapshot() {
        ContractNode third = join("three");
        add(third, SHARED, QoS.AT_LEAST_ONCE);
        add(node2(), X, QoS.AT_LEAST_ONCE);
        eventually(() -> assertThat(node1().mirror().filters(third.id())).containsKey(SHARED));

        await(routes().follow(node1().id(), node1().mirror()));
        remove(node2(), X);

        eventually(() -> {
            assertThat(node1().mirror().filters(third.id())).containsKey(SHARED);
            assertThat(node1().mirror().filters(node2().id())).isEmpty();
        });
        assertThat(node1().mirror().breaches()).isEmpty();
    }

    // ---- transient routes ----

    @Test
    void addTransient_member_allNodesHearOfIt() {
        RoutePosition position = add(node1(), X, QoS.AT_LEAST_ONCE);

        for (ContractNode node : List.of(node1(), node2())) {
            eventually(() -> {
                assertThat(node.mirror().filters(node1().id())).isEqualTo(Map.of(X, QoS.AT_LEAST_ONCE));
                assertThat(node.mirror().position()).isGreaterThanOrEqualTo(position);
            });
        }
    }

    @Test
    void addTransient_again_changesTheQos() {
        add(node1(), X, QoS.AT_LEAST_ONCE);
        add(node1(), X, QoS.AT_LEAST_ONCE);
        add(node1(), X, QoS.EXACTLY_ONCE);

        eventually(() -> assertThat(node2().mirror().filters(node1().id())).isEqualTo(Map.of(X, QoS.EXACTLY_ONCE)));
    }

    @Test // F15, F25
    void addTransient_noMember_failsAndLeavesNothing() {
        NodeId gone = newNodeId("gone");

        assertThatThrownBy(() -> await(routes().addTransient(gone, X, QoS.AT_LEAST_ONCE)))
                .isInstanceOf(AssertionError.class);

        assertThat(join("three").mirror().filters(gone)).isEmpty();
    }

    @Test
    void removeTransient_unknown_changesNothing() {
        add(node1(), X, QoS.AT_LEAST_ONCE);

        remove(node1(), SHARED);
        remove(node2(), X);

        eventually(() -> assertThat(node2().mirror().filters(node1().id())).containsOnlyKeys(X));
    }

    @Test // F25
    void leave_node_takesItsFiltersWithIt() {
        ContractNode third = join("three");
        add(third, X, QoS.AT_LEAST_ONCE);
        add(node2(), X, QoS.AT_LEAST_ONCE);

        await(backend().cluster().bus().leave(third.id()));

        eventually(() -> {
            assertThat(node1().mirror().filters(third.id())).isEmpty();
            assertThat(node1().mirror().changes()).contains(new RouteChange.NodeDown(third.id()));
        });
        assertThat(node1().mirror().filters(node2().id())).containsKey(X);
        ContractNode fourth = join("four");
        assertThat(fourth.mirror().filters(third.id())).isEmpty();
    }

    // ---- positions ----

    @Test
    void tail_afterAChange_isNotBeforeIt() {
        RoutePosition before = await(routes().tail());
        RoutePosition first = add(node1(), X, QoS.AT_LEAST_ONCE);
        RoutePosition second = add(node2(), X, QoS.AT_LEAST_ONCE);

        assertThat(first).isGreaterThan(before);
        assertThat(second).isGreaterThan(first);
        assertThat(await(routes().tail())).isGreaterThanOrEqualTo(second);
    }

    @Test // F20, F21
    void appliedByAll_oneIsBehind_waitsForIt() {
        node2().mirror().stopTelling();
        RoutePosition position = add(node1(), X, QoS.AT_LEAST_ONCE);
        eventually(() -> assertThat(node2().mirror().position()).isGreaterThanOrEqualTo(position));
        assertThat(await(routes().appliedByAll())).isLessThan(position);

        routes().applied(node2().id(), position);
        routes().applied(node2().id(), RoutePosition.START);

        eventually(() -> assertThat(await(routes().appliedByAll())).isGreaterThanOrEqualTo(position));
    }

    @Test
    void appliedByAll_theOneBehindLeaves_doesNotWait() {
        node2().mirror().stopTelling();
        RoutePosition position = add(node1(), X, QoS.AT_LEAST_ONCE);

        await(backend().cluster().bus().leave(node2().id()));

        eventually(() -> assertThat(await(routes().appliedByAll())).isGreaterThanOrEqualTo(position));
    }

    @Test
    void changes_ofManyKinds_comeInTheirOrder() {
        Map<Integer, RoutePosition> positions = new HashMap<>();
        Attached a = connect("a").attach();
        positions.put(
                0, subscribe(a.fence(), Subscription.of("s", QoS.AT_LEAST_ONCE)).position());
        positions.put(1, add(node1(), X, QoS.AT_LEAST_ONCE));
        positions.put(2, unsubscribe(a.fence(), "s").position());
        positions.put(3, remove(node1(), X));

        assertThat(List.of(positions.get(0), positions.get(1), positions.get(2), positions.get(3)))
                .isSorted()
                .doesNotHaveDuplicates();
        eventually(() -> assertThat(node2().mirror().changes())
                .containsSubsequence(
                        new RouteChange.SessionRoutes(a.session(), List.of(Subscription.of("s", QoS.AT_LEAST_ONCE))),
                        new RouteChange.NodeFilter(node1().id(), X, QoS.AT_LEAST_ONCE),
                        new RouteChange.NodeFilterGone(node1().id(), X)));
    }

    private ContractNode join(String name) {
        ContractNode node = new ContractNode(this, newNodeId(name));
        joined.add(node);
        return node;
    }

    private RoutePosition add(ContractNode node, TopicFilter filter, QoS qos) {
        return await(routes().addTransient(node.id(), filter, qos));
    }

    private RoutePosition remove(ContractNode node, TopicFilter filter) {
        return await(routes().removeTransient(node.id(), filter));
    }
}
