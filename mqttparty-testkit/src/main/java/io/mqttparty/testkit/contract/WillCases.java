package io.mqttparty.testkit.contract;

import static io.mqttparty.testkit.contract.BackendContract.leg;
import static io.mqttparty.testkit.contract.BackendContract.message;
import static io.mqttparty.testkit.contract.BackendContract.payloads;
import static io.mqttparty.testkit.contract.BackendContract.retainedMessage;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.TopicName;
import io.mqttparty.model.Will;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.SessionStore.AttachRequest;
import io.mqttparty.spi.SessionStore.Attached;
import io.mqttparty.spi.SessionStore.Detach;
import io.mqttparty.spi.SessionStore.Fired;
import io.mqttparty.spi.SessionStore.PendingWill;
import io.mqttparty.spi.SharedTarget;
import io.mqttparty.spi.Targets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A will is published once if its connection ends without DISCONNECT, and never otherwise (section 3.1.2.5). */
abstract class WillCases {
    private static final ClientId A = ClientId.of("a");
    private static final Message WILL = message("will");
    private static final Message OFFLINE = retainedMessage("status", "offline");

    private final BackendContract c;

    WillCases(BackendContract contract) {
        this.c = contract;
    }

    // ---- when it becomes pending ----

    @Test
    @Tag("MQTT-3.1.2-8")
    void detach_lost_willIsDue() {
        Attached a = c.connect("a").will(WILL).attach();
        assertThat(due()).isEmpty();

        c.await(c.sessions().detach(a.fence(), Detach.LOST, 0));

        assertThat(due()).containsExactly(pending(a, WILL));
    }

    @Test
    @Tag("MQTT-3.14.4-3")
    @Tag("MQTT-3.1.2-10")
    void detach_clean_dropsTheWill() {
        Attached a = c.connect("a").will(WILL).attach();

        c.await(c.sessions().detach(a.fence(), Detach.CLEAN, 0));

        assertThat(due()).isEmpty();
        assertThat(c.connect("a").attach().pendingWills()).isEmpty();
    }

    @Test
    @Tag("MQTT-3.1.2-12")
    void detach_lostWithoutWill_nothingIsDue() {
        Attached a = c.connect("a").attach();

        c.await(c.sessions().detach(a.fence(), Detach.LOST, 0));

        assertThat(due()).isEmpty();
    }

    @Test // F8
    @Tag("MQTT-3.1.2-8")
    void attach_takeover_finishesTheOldWillFirst() {
        Attached old = c.connect("a").will(WILL).attach();

        Attached next = c.connect("a").at(c.node2()).will(message("next")).attach();

        assertThat(next.pendingWills()).containsExactly(pending(old, WILL));
        assertThat(due()).as("the connection that took over publishes it").isEmpty();
    }

    @Test // F8
    void attach_newOwnerDiesBeforeItFired_bothWillsAreDue() {
        Attached old = c.connect("a").will(WILL).attach();
        Attached next = c.connect("a").at(c.node2()).will(message("next")).attach();

        c.await(c.backend().cluster().bus().leave(c.node2().id()));

        assertThat(due()).containsExactlyInAnyOrder(pending(old, WILL), pending(next, message("next")));
        assertThat(c.connect("a").attach().pendingWills())
                .as("oldest first")
                .containsExactly(pending(old, WILL), pending(next, message("next")));
    }

    @Test // F17
    void attach_sameTokenAgain_ownWillIsNotPending() {
        AttachRequest request = c.connect("a").will(WILL).request();
        c.await(c.sessions().attach(request));

        Attached again = c.await(c.sessions().attach(request));
        c.await(c.sessions().detach(again.fence(), Detach.CLEAN, 0));

        assertThat(again.pendingWills()).isEmpty();
        assertThat(due()).isEmpty();
    }

    @Test // F7
    @Tag("MQTT-3.14.4-3")
    void detach_cleanOvertakenByTheNextAttach_dropsThePendingWill() {
        Attached old = c.connect("a").will(WILL).attach();
        Attached next = c.connect("a").at(c.node2()).attach();

        assertThat(c.await(c.sessions().detach(old.fence(), Detach.CLEAN, 0))).isEqualTo(FenceResult.STALE);

        assertThat(next.pendingWills()).hasSize(1);
        assertThat(fire(old, Targets.NONE).fired()).isFalse();
        assertThat(c.connect("a").attach().pendingWills()).isEmpty();
    }

    @Test
    void detach_staleLost_leavesThePendingWill() {
        Attached old = c.connect("a").will(WILL).attach();
        c.connect("a").at(c.node2()).attach();

        c.await(c.sessions().detach(old.fence(), Detach.LOST, 0));

        assertThat(c.connect("a").attach().pendingWills()).containsExactly(pending(old, WILL));
    }

    // ---- whose it is ----

    @Test
    void detach_lost_willIsStillOfItsUser() {
        Attached a = c.connect("a").username("ö:,user").will(WILL).attach();

        c.await(c.sessions().detach(a.fence(), Detach.LOST, 0));

        assertThat(due()).containsExactly(pending(a, "ö:,user", WILL));
        assertThat(c.connect("a").username("next").attach().pendingWills())
                .containsExactly(pending(a, "ö:,user", WILL));
    }

    @Test
    void attach_takeoverByAnotherUser_eachWillIsOfItsUser() {
        Attached old = c.connect("a").username("old").will(WILL).attach();
        Attached next = c.connect("a").username("next").will(message("next")).attach();
        c.await(c.sessions().detach(next.fence(), Detach.LOST, 0));

        assertThat(due()).containsExactlyInAnyOrder(pending(old, "old", WILL), pending(next, "next", message("next")));
    }

    @Test
    void leave_nodeOfAUser_willIsOfItsUser() {
        Attached a = c.connect("a")
                .at(c.node2())
                .transientSession()
                .username("user")
                .will(WILL)
                .attach();

        c.await(c.backend().cluster().bus().leave(c.node2().id()));

        assertThat(due()).containsExactly(pending(a, "user", WILL));
    }

    @Test
    void detach_lostWithEmptyUserName_isNotNone() {
        Attached a = c.connect("a").username("").will(WILL).attach();

        c.await(c.sessions().detach(a.fence(), Detach.LOST, 0));

        assertThat(due()).containsExactly(pending(a, "", WILL));
    }

    // ---- transient sessions ----

    @Test // F8
    void detach_lostTransient_willOutlivesTheSession() {
        Attached a = c.connect("a").transientSession().will(WILL).attach();

        c.await(c.sessions().detach(a.fence(), Detach.LOST, 0));

        assertThat(c.locate("a")).isEmpty();
        assertThat(due()).containsExactly(pending(a, WILL));
        Attached next = c.connect("a").attach();
        assertThat(next.present()).isFalse();
        assertThat(next.fence().epoch()).isGreaterThan(a.fence().epoch());
        assertThat(next.pendingWills()).containsExactly(pending(a, WILL));
    }

    @Test // F8
    void leave_nodeOfTransientSession_willIsDueOnce() {
        Attached a = c.connect("a").at(c.node2()).transientSession().will(WILL).attach();

        c.await(c.backend().cluster().bus().leave(c.node2().id()));
        c.await(c.backend().cluster().bus().leave(c.node2().id()));

        assertThat(due()).containsExactly(pending(a, WILL));
        assertThat(fire(a, Targets.NONE).fired()).isTrue();
        assertThat(due()).isEmpty();
    }

    @Test
    void attach_cleanSession_keepsPendingWills() {
        Attached a = c.connect("a").will(WILL).attach();
        c.await(c.sessions().detach(a.fence(), Detach.LOST, 0));

        assertThat(c.connect("a").transientSession().attach().pendingWills()).containsExactly(pending(a, WILL));
    }

    // ---- publishing ----

    @Test
    @Tag("MQTT-3.1.2-10")
    void fireWill_pending_reachesAllTargetsOnce() {
        Attached a = lost(WILL);
        Attached target = c.offline("target");
        Targets targets = new Targets(
                List.of(leg(target)), Set.of(c.node1().id(), c.node2().id()), List.of());

        Fired first = fire(a, targets);
        Fired again = fire(a, targets);

        assertThat(first.fired()).isTrue();
        assertThat(first.legs()).hasSize(1);
        assertThat(again.fired()).isFalse();
        assertThat(again.legs()).isEmpty();
        assertThat(payloads(c.queue(target))).containsExactly("will");
        assertThat(c.node1().received()).containsExactly(new BusRecord.Transmit(WILL));
        assertThat(c.node2().received()).containsExactly(new BusRecord.Transmit(WILL));
        assertThat(due()).isEmpty();
        assertThat(c.connect("a").attach().pendingWills()).isEmpty();
    }

    @Test
    void fireWill_manyAtOnce_reachesItsTargetsOnce() {
        Attached a = lost(WILL);
        Attached target = c.offline("target");

        List<Fired> all = Race.of(8, i -> fire(a, BackendContract.to(leg(target))));

        assertThat(all).filteredOn(Fired::fired).hasSize(1);
        assertThat(payloads(c.queue(target))).containsExactly("will");
    }

    @Test
    void fireWill_noTargets_dropsIt() {
        Attached a = lost(WILL);

        assertThat(fire(a, Targets.NONE)).isEqualTo(new Fired(true, List.of(), List.of()));

        assertThat(due()).isEmpty();
    }

    @Test
    void fireWill_sharedTargets_reachesThemOnceAndNamesThoseThatAreGone() {
        Attached a = lost(WILL);
        TopicFilter filter = TopicFilter.of("$share/g/#");
        SharedTarget there = new SharedTarget(c.node2().id(), filter);
        SharedTarget gone = new SharedTarget(BackendContract.newNodeId("gone"), filter);
        Targets targets = new Targets(List.of(), Set.of(), List.of(there, gone));

        assertThat(fire(a, targets)).isEqualTo(new Fired(true, List.of(), List.of(gone)));
        fire(a, targets);

        assertThat(c.node2().received()).containsExactly(new BusRecord.TransmitShared(WILL, filter, 0));
    }

    @Test
    void fireWill_ofLiveConnection_doesNothing() {
        Attached a = c.connect("a").will(WILL).attach();

        assertThat(fire(a, Targets.NONE).fired()).isFalse();

        c.await(c.sessions().detach(a.fence(), Detach.LOST, 0));
        assertThat(due()).hasSize(1);
    }

    @Test
    void fireWill_unknownClient_doesNothing() {
        assertThat(c.await(c.sessions().fireWill(ClientId.of("nobody"), 1, Targets.NONE)))
                .isEqualTo(new Fired(false, List.of(), List.of()));
    }

    @Test
    @Tag("MQTT-3.3.1-9")
    void fireWill_retained_isDeliveredWithoutTheFlag() {
        Attached a = lost(OFFLINE);
        Attached target = c.offline("target");

        fire(a, new Targets(List.of(leg(target)), Set.of(c.node1().id()), List.of()));

        assertThat(c.queue(target)).noneMatch(each -> each.message().retain());
        assertThat(c.node1().received()).containsExactly(new BusRecord.Transmit(OFFLINE.withRetain(false)));
    }

    @Test // F9
    @Tag("MQTT-3.1.2-17")
    void retainWill_again_neverOverwritesWhatCameLater() {
        Attached a = lost(OFFLINE);

        assertThat(c.await(c.sessions().retainWill(A, a.fence().epoch()))).isTrue();
        assertThat(status()).contains("offline");
        c.await(c.retained().put(retainedMessage("status", "online"), Optional.empty()));

        assertThat(c.await(c.sessions().retainWill(A, a.fence().epoch()))).isFalse();
        assertThat(status()).contains("online");
    }

    @Test // F9
    void retainWill_firedAlready_writesNothing() {
        Attached a = lost(OFFLINE);
        fire(a, Targets.NONE);

        assertThat(c.await(c.sessions().retainWill(A, a.fence().epoch()))).isFalse();
        assertThat(status()).isEmpty();
    }

    @Test
    @Tag("MQTT-3.1.2-16")
    void retainWill_notRetained_writesNothing() {
        Attached a = lost(WILL);

        assertThat(c.await(c.sessions().retainWill(A, a.fence().epoch()))).isFalse();
        assertThat(c.await(c.retained().exact(WILL.topic()))).isEmpty();
    }

    @Test
    void retainWill_ofLiveConnection_writesNothing() {
        Attached a = c.connect("a").will(OFFLINE).attach();

        assertThat(c.await(c.sessions().retainWill(A, a.fence().epoch()))).isFalse();
        assertThat(status()).isEmpty();
    }

    @Test
    void sweep_manyDue_returnsAtMostSoMany() {
        for (int i = 0; i < 5; i++) {
            Attached each = c.connect("c" + i).will(message("w" + i)).attach();
            c.await(c.sessions().detach(each.fence(), Detach.LOST, 0));
        }

        assertThat(c.await(c.sessions().sweep(3)).wills()).hasSize(3);
        assertThat(c.await(c.sessions().sweep(100)).wills()).hasSize(5);
    }

    private Attached lost(Message will) {
        Attached a = c.connect("a").will(will).attach();
        c.await(c.sessions().detach(a.fence(), Detach.LOST, 0));
        return a;
    }

    private Fired fire(Attached whose, Targets targets) {
        return c.await(
                c.sessions().fireWill(whose.fence().client(), whose.fence().epoch(), targets));
    }

    private List<PendingWill> due() {
        return c.await(c.sessions().sweep(100)).wills();
    }

    private Optional<String> status() {
        return c.await(c.retained().exact(TopicName.of("status")))
                .map(message -> message.payload().asUtf8String());
    }

    private static PendingWill pending(Attached whose, Message will) {
        return new PendingWill(whose.fence().client(), whose.fence().epoch(), Optional.empty(), new Will(will));
    }

    private static PendingWill pending(Attached whose, String username, Message will) {
        return new PendingWill(whose.fence().client(), whose.fence().epoch(), Optional.of(username), new Will(will));
    }
}
