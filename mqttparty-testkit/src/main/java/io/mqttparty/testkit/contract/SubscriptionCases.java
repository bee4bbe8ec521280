package io.mqttparty.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.QoS;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.RoutePosition;
import io.mqttparty.spi.SessionStore.Attached;
import io.mqttparty.spi.SessionStore.Detach;
import io.mqttparty.spi.SessionStore.Subscribed;
import io.mqttparty.spi.SessionStore.SubscriptionChange;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Subscriptions are merged in the store, and every node hears of them. */
abstract class SubscriptionCases {
    private static final Subscription X1 = Subscription.of("x", QoS.AT_LEAST_ONCE);
    private static final Subscription X2 = Subscription.of("x", QoS.EXACTLY_ONCE);
    private static final Subscription Y1 = Subscription.of("y/#", QoS.AT_LEAST_ONCE);
    private static final Subscription Z0 = Subscription.of("z/+", QoS.AT_MOST_ONCE);

    private final BackendContract c;

    SubscriptionCases(BackendContract contract) {
        this.c = contract;
    }

    @Test
    @Tag("MQTT-4.1.0-1")
    void subscribe_some_areStoredAndRouted() {
        Attached a = c.connect("a").attach();

        Subscribed answer = c.subscribe(a.fence(), X1, Y1, Z0);

        assertThat(answer.result()).isEqualTo(FenceResult.OK);
        assertThat(answer.refused()).isEmpty();
        assertThat(answer.position()).isGreaterThan(RoutePosition.START);
        assertSubscriptions(a, X1, Y1, Z0);
        assertThat(resumed().subscriptions()).containsExactlyInAnyOrder(X1, Y1, Z0);
    }

    @Test
    @Tag("MQTT-3.8.4-3")
    void subscribe_sameFilter_replacesIt() {
        Attached a = c.connect("a").attach();
        c.subscribe(a.fence(), X1, Y1);

        c.subscribe(a.fence(), X2);

        assertSubscriptions(a, X2, Y1);
    }

    @Test
    void subscribe_sameFilterTwiceAtOnce_theLastCounts() {
        Attached a = c.connect("a").attach();

        c.subscribe(a.fence(), X1, X2);

        assertSubscriptions(a, X2);
    }

    @Test // F19
    void subscribe_afterTakeover_storesTheUnion() {
        Attached first = c.connect("a").attach();
        c.subscribe(first.fence(), X1);
        Attached second = c.connect("a").at(c.node2()).attach();

        c.subscribe(second.fence(), Y1);

        assertSubscriptions(second, X1, Y1);
    }

    @Test
    void subscribe_again_hasNoFurtherEffect() {
        Attached a = c.connect("a").attach();
        Subscribed first = c.subscribe(a.fence(), X1, Y1);

        Subscribed again = c.subscribe(a.fence(), X1, Y1);

        assertThat(again.refused()).isEqualTo(first.refused());
        assertThat(again.position()).isGreaterThanOrEqualTo(first.position());
        assertSubscriptions(a, X1, Y1);
        assertThat(resumed().retained()).hasSize(2);
    }

    @Test
    void subscribe_beyondTheLimit_refusesJustTheRest() {
        Attached a = c.connect("a").attach();
        SubscriptionChange change = new SubscriptionChange(List.of(X1, Y1, Z0), List.of(), 2);

        Subscribed answer = c.await(c.sessions().subscribe(a.fence(), change));
        Subscribed again = c.await(c.sessions().subscribe(a.fence(), change));

        assertThat(answer.refused()).containsExactly(Z0.filter());
        assertThat(again.refused()).containsExactly(Z0.filter());
        assertSubscriptions(a, X1, Y1);
    }

    @Test
    void subscribe_atTheLimit_replacesAndMakesRoom() {
        Attached a = c.connect("a").attach();
        c.subscribe(a.fence(), X1, Y1);

        Subscribed replaced =
                c.await(c.sessions().subscribe(a.fence(), new SubscriptionChange(List.of(X2), List.of(), 2)));
        Subscribed swapped = c.await(
                c.sessions().subscribe(a.fence(), new SubscriptionChange(List.of(Z0), List.of(Y1.filter()), 2)));

        assertThat(replaced.refused()).isEmpty();
        assertThat(swapped.refused()).isEmpty();
        assertSubscriptions(a, X2, Z0);
    }

    @Test
    @Tag("MQTT-3.10.4-1")
    void unsubscribe_byExactText_removesJustThat() {
        Attached a = c.connect("a").attach();
        c.subscribe(a.fence(), X1, Y1, Subscription.of("X", QoS.AT_LEAST_ONCE));

        Subscribed answer = c.unsubscribe(a.fence(), "x", "y/+", "unknown");
        c.unsubscribe(a.fence(), "x", "y/+", "unknown");

        assertThat(answer.result()).isEqualTo(FenceResult.OK);
        assertSubscriptions(a, Y1, Subscription.of("X", QoS.AT_LEAST_ONCE));
    }

    @Test
    void unsubscribe_all_leavesNoRoute() {
        Attached a = c.connect("a").attach();
        c.subscribe(a.fence(), X1, Y1);

        c.unsubscribe(a.fence(), "x", "y/#");

        c.eventually(
                () -> assertThat(c.node2().mirror().subscriptions(a.session()).orElse(List.of()))
                        .isEmpty());
        assertThat(resumed().subscriptions()).isEmpty();
    }

    @Test
    void subscribe_answered_mirrorsReachItsPosition() {
        Attached a = c.connect("a").attach();

        Subscribed answer = c.subscribe(a.fence(), X1);

        c.eventually(() -> {
            assertThat(c.node1().mirror().position()).isGreaterThanOrEqualTo(answer.position());
            assertThat(c.node2().mirror().position()).isGreaterThanOrEqualTo(answer.position());
            assertThat(c.await(c.routes().appliedByAll())).isGreaterThanOrEqualTo(answer.position());
        });
        assertSubscriptions(a, X1);
    }

    @Test
    void attach_persistentSessionComesAndGoes_changesNoRoute() {
        Attached a = c.connect("a").attach();
        c.subscribe(a.fence(), X1);
        RoutePosition before = c.await(c.routes().tail());

        c.await(c.sessions().detach(a.fence(), Detach.LOST, 0));
        c.connect("a").at(c.node2()).attach();
        c.connect("a").attach();

        assertThat(c.await(c.routes().tail())).isEqualTo(before);
        assertSubscriptions(a, X1);
    }

    @Test
    void subscribe_newIncarnation_isNotEndedByTheOldOne() {
        Attached old = c.connect("a").attach();
        c.subscribe(old.fence(), X1);
        Attached fresh = c.connect("a").clean().at(c.node2()).attach();

        c.subscribe(fresh.fence(), Y1);

        assertSubscriptions(fresh, Y1);
        assertThat(c.node1().mirror().subscriptions(old.session())).isEmpty();
    }

    @Test
    void subscribe_manyThreads_theRouteEndsAsTheStore() {
        Attached a = c.connect("a").attach();

        Race.of(4, thread -> {
            for (int i = 0; i < 100; i++) {
                c.subscribe(a.fence(), Subscription.of("t/" + thread + "/" + i, QoS.AT_LEAST_ONCE));
            }
            return true;
        });

        List<Subscription> stored = resumed().subscriptions();
        assertThat(stored).hasSize(400);
        assertSubscriptions(a, stored.toArray(new Subscription[0]));
        assertThat(c.node1().mirror().breaches()).isEmpty();
        assertThat(c.node2().mirror().breaches()).isEmpty();
    }

    @Test
    void subscribe_shared_isStoredAsItIs() {
        Attached a = c.connect("a").attach();
        Subscription shared = Subscription.of("$share/g/x", QoS.AT_LEAST_ONCE);

        c.subscribe(a.fence(), shared, X1);

        assertSubscriptions(a, shared, X1);
        assertThat(resumed().retained())
                .extracting(cursor -> cursor.filter())
                .as("a shared subscription gets no retained messages")
                .containsExactly(TopicFilter.of("x"));
    }

    private Attached resumed() {
        return c.connect("a").attach();
    }

    private void assertSubscriptions(Attached session, Subscription... expected) {
        for (ContractNode node : List.of(c.node1(), c.node2())) {
            c.eventually(() -> assertThat(node.mirror().subscriptions(session.session()))
                    .hasValueSatisfying(routed -> assertThat(routed).containsExactlyInAnyOrder(expected)));
        }
    }
}
