package io.mqttparty.testkit.contract;

import static io.mqttparty.testkit.contract.BackendContract.leg;
import static io.mqttparty.testkit.contract.BackendContract.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.QoS;
import io.mqttparty.model.Subscription;
import io.mqttparty.spi.SessionStore.Attached;
import io.mqttparty.spi.SessionStore.Detach;
import io.mqttparty.spi.SessionStore.PendingWill;
import io.mqttparty.spi.SessionStore.Swept;
import io.mqttparty.spi.Targets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Sessions end, and nothing is left of them (F25). */
abstract class ExpiryCases {
    private static final Duration LONGER = Duration.ofSeconds(2);

    private final BackendContract c;

    ExpiryCases(BackendContract contract) {
        this.c = contract;
    }

    @Test
    void sweep_expired_deletesAllOfTheSession() {
        Attached a = expiring("a");

        c.elapse(LONGER);

        assertThat(c.await(c.sessions().sweep(100)).expired()).isEqualTo(1);
        assertThat(c.await(c.sessions().sweep(100)).expired()).isZero();
        assertThat(c.locate("a")).isEmpty();
        assertThat(c.queue(a)).isEmpty();
        assertThat(c.enqueue(message("late"), leg(a)).get(0).seq()).isNegative();
        c.eventually(
                () -> assertThat(c.node1().mirror().subscriptions(a.session())).isEmpty());
        assertThat(c.connect("a").attach().present()).isFalse();
    }

    @Test
    @Tag("MQTT-4.1.0-2")
    void sweep_connected_deletesNothing() {
        Attached a = c.connect("a").expiry(1).attach();
        Attached transientOne = c.connect("b").transientSession().attach();
        c.elapse(LONGER);

        assertThat(c.await(c.sessions().sweep(100)).expired()).isZero();

        assertThat(c.locate("a", "b")).hasSize(2);
        assertThat(a.session()).isNotEqualTo(transientOne.session());
    }

    @Test
    void sweep_notDue_deletesNothing() {
        Attached a = c.connect("a").expiry(3_600).attach();
        c.await(c.sessions().detach(a.fence(), Detach.CLEAN, 0));
        c.elapse(Duration.ofSeconds(1));

        assertThat(c.await(c.sessions().sweep(100)).expired()).isZero();

        assertThat(c.locate("a")).hasSize(1);
    }

    @Test // F16, F25
    void sweep_clientCameBack_deletesNothing() {
        expiring("a");
        Attached again = c.connect("a").expiry(1).attach();
        c.elapse(LONGER);

        assertThat(c.await(c.sessions().sweep(100)).expired()).isZero();

        assertThat(again.present()).isTrue();
        assertThat(c.locate("a")).hasSize(1);
    }

    @Test
    void detach_again_expiryCountsFromTheLastConnection() {
        Attached first = c.connect("a").expiry(1).attach();
        c.await(c.sessions().detach(first.fence(), Detach.CLEAN, 0));
        Attached second = c.connect("a").expiry(3_600).attach();
        c.await(c.sessions().detach(second.fence(), Detach.CLEAN, 0));
        c.elapse(LONGER);

        assertThat(c.await(c.sessions().sweep(100)).expired()).isZero();
        assertThat(c.connect("a").attach().present()).isTrue();
    }

    @Test
    void sweep_manyExpired_deletesAtMostSoMany() {
        for (int i = 0; i < 5; i++) {
            expiring("c" + i);
        }
        c.elapse(LONGER);

        assertThat(c.await(c.sessions().sweep(3)).expired()).isEqualTo(3);
        assertThat(c.await(c.sessions().sweep(3)).expired()).isEqualTo(2);
    }

    @Test
    void sweep_expiredWithWill_theWillIsStillPublished() {
        Attached a = c.connect("a").expiry(1).will(message("will")).attach();
        c.await(c.sessions().detach(a.fence(), Detach.LOST, 0));
        c.elapse(LONGER);

        List<PendingWill> wills = sweepAll();

        assertThat(wills)
                .extracting(PendingWill::epoch)
                .containsExactly(a.fence().epoch());
        assertThat(c.locate("a")).isEmpty();
    }

    @Test // the leak check
    void sessions_allEnded_leaveNothing() {
        for (int i = 0; i < 20; i++) {
            Attached persistent =
                    c.connect("p" + i).expiry(1).will(message("will")).attach();
            c.subscribe(persistent.fence(), Subscription.of("s/" + i, QoS.AT_LEAST_ONCE));
            c.enqueueAll(persistent, "m");
            Attached second = c.connect("p" + i)
                    .at(c.node2())
                    .expiry(1)
                    .will(message("will"))
                    .attach();
            c.await(c.sessions().detach(second.fence(), i % 2 == 0 ? Detach.CLEAN : Detach.LOST, 0));
            Attached ending =
                    c.connect("t" + i).transientSession().will(message("will")).attach();
            c.await(c.sessions().detach(ending.fence(), i % 2 == 0 ? Detach.CLEAN : Detach.LOST, 0));
            Attached wiped = c.connect("w" + i).attach();
            c.subscribe(wiped.fence(), Subscription.of("s/" + i, QoS.AT_LEAST_ONCE));
            Attached clean = c.connect("w" + i).transientSession().attach();
            c.await(c.sessions().detach(clean.fence(), Detach.CLEAN, 0));
        }
        c.elapse(LONGER);

        sweepAll();

        assertThat(c.await(c.backend().cluster().presence().list("", 1_000)).entries())
                .isEmpty();
        ContractNode newcomer = new ContractNode(c, BackendContract.newNodeId("newcomer"));
        assertThat(newcomer.mirror().changes()).isEmpty();
        c.await(c.backend().cluster().bus().leave(newcomer.id()));
    }

    /** Sweeps and publishes until nothing is left, and returns the wills. */
    private List<PendingWill> sweepAll() {
        List<PendingWill> wills = new ArrayList<>();
        Swept swept = c.await(c.sessions().sweep(100));
        while (swept.expired() > 0 || !swept.wills().isEmpty()) {
            for (PendingWill will : swept.wills()) {
                assertThat(c.await(c.sessions().fireWill(will.client(), will.epoch(), Targets.NONE))
                                .fired())
                        .isTrue();
                wills.add(will);
            }
            swept = c.await(c.sessions().sweep(100));
        }
        return wills;
    }

    private Attached expiring(String client) {
        Attached attached = c.connect(client).expiry(1).attach();
        c.subscribe(attached.fence(), Subscription.of("s/" + client, QoS.AT_LEAST_ONCE));
        c.enqueueAll(attached, "m");
        c.await(c.sessions().detach(attached.fence(), Detach.CLEAN, 0));
        return attached;
    }
}
