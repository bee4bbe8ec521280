package io.mqttparty.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.QoS;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.Owner;
import io.mqttparty.spi.SessionStore.AttachRequest;
import io.mqttparty.spi.SessionStore.Attached;
import io.mqttparty.spi.SessionStore.Detach;
import io.mqttparty.spi.SessionStore.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who owns a session, and how that changes. */
abstract class OwnershipCases {
    private static final ClientId A = ClientId.of("a");

    private final BackendContract c;

    OwnershipCases(BackendContract contract) {
        this.c = contract;
    }

    // ---- takeover ----

    @Test // F2
    @Tag("MQTT-3.1.4-2")
    void attach_ownedByOtherNode_kicksThatOwner() {
        Attached first = c.connect("a").at(c.node1()).attach();

        Attached second = c.connect("a").at(c.node2()).attach();

        assertThat(c.node1().takeAll())
                .containsExactly(new ContractNode.Received(
                        c.node2().id(),
                        new BusRecord.Kick(A, first.fence().epoch(), c.node2().id())));
        assertThat(c.node2().received()).isEmpty();
        assertThat(second.previous())
                .contains(new Owner(Optional.of(c.node1().id()), first.fence().epoch()));
    }

    @Test
    @Tag("MQTT-3.1.4-2")
    void attach_ownedBySameNode_kicksToo() {
        Attached first = c.connect("a").attach();

        c.connect("a").attach();

        assertThat(c.node1().received())
                .containsExactly(
                        new BusRecord.Kick(A, first.fence().epoch(), c.node1().id()));
    }

    @Test
    @Tag("MQTT-3.1.4-2")
    void attach_cleanOverOwned_kicksToo() {
        c.connect("a").transientSession().attach();

        c.connect("a").transientSession().at(c.node2()).attach();

        assertThat(c.node1().received()).hasSize(1);
    }

    @Test
    void attach_offline_kicksNobody() {
        c.offline("a");

        Attached again = c.connect("a").at(c.node2()).attach();

        assertThat(again.previous()).isEmpty();
        assertThat(c.node1().received()).isEmpty();
        assertThat(c.node2().received()).isEmpty();
    }

    @Test // F2
    void attach_pingPong_epochsGrowAndTheLastOneOwns() {
        List<Long> epochs = new ArrayList<>();
        Attached last = c.connect("a").attach();
        for (int i = 0; i < 20; i++) {
            epochs.add(last.fence().epoch());
            last = c.connect("a").at(i % 2 == 0 ? c.node2() : c.node1()).attach();
            assertThat(last.present()).isTrue();
        }

        assertThat(epochs).isSorted().doesNotHaveDuplicates();
        assertThat(last.fence().epoch()).isGreaterThan(epochs.get(19));
        assertThat(owner())
                .isEqualTo(new Owner(Optional.of(c.node1().id()), last.fence().epoch()));
        assertThat(c.node1().received()).hasSize(10);
        assertThat(c.node2().received()).hasSize(10);
    }

    @Test
    void attach_manyAtOnce_exactlyOneOwns() {
        int threads = 8;
        List<Attached> all = Race.of(
                threads,
                i -> c.connect("a").at(i % 2 == 0 ? c.node1() : c.node2()).attach());

        List<Attached> owners = all.stream().filter(this::owns).toList();

        assertThat(owners).hasSize(1);
        assertThat(all).extracting(each -> each.fence().epoch()).doesNotHaveDuplicates();
        assertThat(owner().epoch()).isEqualTo(owners.get(0).fence().epoch());
        assertThat(all).extracting(Attached::session).containsOnly(all.get(0).session());
        assertThat(all).filteredOn(each -> !each.present()).hasSize(1);
        assertThat(all).filteredOn(each -> each.previous().isEmpty()).hasSize(1);
        assertThat(c.node1().received().size() + c.node2().received().size()).isEqualTo(threads - 1);
    }

    // ---- repeated calls ----

    @Test // F17
    void attach_sameTokenAgain_sameAnswerAndNoEffect() {
        c.connect("a").attach();
        AttachRequest request = c.connect("a")
                .at(c.node2())
                .will(BackendContract.message("will"))
                .request();
        Attached first = c.await(c.sessions().attach(request));
        c.node1().received();

        Attached again = c.await(c.sessions().attach(request));

        assertThat(again).isEqualTo(first);
        assertThat(c.node1().received()).isEmpty();
        assertThat(c.node2().received()).isEmpty();
        assertThat(c.await(c.sessions().detach(again.fence(), Detach.CLEAN, 0))).isEqualTo(FenceResult.OK);
    }

    @Test // F17
    void attach_sameTokenOfNewSessionAgain_isStillNew() {
        AttachRequest request = c.connect("a").clean().request();
        Attached first = c.await(c.sessions().attach(request));

        assertThat(c.await(c.sessions().attach(request))).isEqualTo(first);
    }

    @Test
    void detach_again_changesNothing() {
        Attached first = c.connect("a").will(BackendContract.message("will")).attach();
        c.await(c.sessions().detach(first.fence(), Detach.LOST, 0));
        c.await(c.sessions().detach(first.fence(), Detach.LOST, 0));

        Attached again = c.connect("a").attach();

        assertThat(again.present()).isTrue();
        assertThat(again.pendingWills()).hasSize(1);
    }

    // ---- detach ----

    @Test
    void detach_persistentSession_staysWithoutOwner() {
        Attached first = c.connect("a").attach();

        assertThat(c.await(c.sessions().detach(first.fence(), Detach.CLEAN, 0))).isEqualTo(FenceResult.OK);

        assertThat(owner()).isEqualTo(new Owner(Optional.empty(), first.fence().epoch()));
    }

    @Test
    @Tag("MQTT-3.1.2-6")
    void detach_transientSession_endsIt() {
        Attached first = c.connect("a").transientSession().attach();

        assertThat(c.await(c.sessions().detach(first.fence(), Detach.LOST, 0))).isEqualTo(FenceResult.OK);

        assertThat(c.locate("a")).isEmpty();
    }

    @Test
    void detach_unknownClient_isStale() {
        Attached first = c.connect("a").transientSession().attach();
        c.await(c.sessions().detach(first.fence(), Detach.CLEAN, 0));

        assertThat(c.await(c.sessions().detach(first.fence(), Detach.CLEAN, 0))).isEqualTo(FenceResult.STALE);
    }

    @Test // F16
    void detach_ofOlderConnectionOfSameNode_leavesTheNewerOne() {
        Attached first = c.connect("a").attach();
        Attached second = c.connect("a").attach();

        assertThat(c.await(c.sessions().detach(first.fence(), Detach.LOST, 0))).isEqualTo(FenceResult.STALE);

        assertThat(owner())
                .isEqualTo(new Owner(Optional.of(c.node1().id()), second.fence().epoch()));
        c.await(c.backend().cluster().bus().leave(c.node1().id()));
        assertThat(owner().isOnline()).as("the node knew of its client").isFalse();
    }

    @Test // F16
    void detach_beforeNextAttachOfSameNode_leavesTheNewerOne() {
        Attached first = c.connect("a").attach();
        c.await(c.sessions().detach(first.fence(), Detach.LOST, 0));
        c.connect("a").attach();

        c.await(c.backend().cluster().bus().leave(c.node1().id()));

        assertThat(owner().isOnline()).isFalse();
    }

    // ---- positions ----

    @Test
    void positions_ofSomeSessions_leaveOutThoseThatAreGone() {
        Attached a = c.connect("a").attach();
        Attached gone = c.connect("b").attach();
        c.connect("b").clean().attach();
        c.enqueueAll(a, "m1", "m2");

        List<Position> positions = c.await(c.sessions().positions(List.of(gone.session(), a.session())));

        assertThat(positions)
                .containsExactly(new Position(a.session(), a.fence().epoch(), a.lastSeq() + 2, a.lastSeq()));
    }

    @Test // F2
    void positions_afterTakeover_showTheNewEpoch() {
        Attached first = c.connect("a").attach();
        Attached second = c.connect("a").at(c.node2()).attach();

        assertThat(c.await(c.sessions().positions(List.of(first.session()))))
                .containsExactly(
                        new Position(second.session(), second.fence().epoch(), second.lastSeq(), second.lastSeq()));
    }

    @Test // of attach and enqueue, one sees the other
    void attach_whileEnqueued_messageIsReadOrItsOwnerIsKnown() {
        for (int round = 0; round < 100; round++) {
            String client = "c" + round;
            Attached before = c.offline(client);
            List<Boolean> seen = Race.of(
                    2,
                    i -> i == 0
                            ? !c.connect(client).attach().records().isEmpty()
                            : c.enqueue(BackendContract.message("m"), BackendContract.leg(before, QoS.AT_LEAST_ONCE))
                                    .get(0)
                                    .owner()
                                    .isOnline());
            assertThat(seen).contains(true);
        }
    }

    private Owner owner() {
        return c.entry("a").owner();
    }

    private boolean owns(Attached attached) {
        return c.await(c.sessions().watermark(attached.fence(), 0, 0)) == FenceResult.OK;
    }
}
