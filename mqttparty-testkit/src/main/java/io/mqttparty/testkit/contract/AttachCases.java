package io.mqttparty.testkit.contract;

import static io.mqttparty.testkit.contract.BackendContract.leg;
import static io.mqttparty.testkit.contract.BackendContract.payloads;
import static io.mqttparty.testkit.contract.BackendContract.seqs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttparty.model.QoS;
import io.mqttparty.model.Subscription;
import io.mqttparty.spi.SessionStore;
import io.mqttparty.spi.SessionStore.AttachRequest;
import io.mqttparty.spi.SessionStore.Attached;
import io.mqttparty.spi.SessionStore.Detach;
import io.mqttparty.spi.SessionStore.Qos2InState;
import io.mqttparty.spi.SessionStore.Qos2Out;
import io.mqttparty.spi.SessionStore.Qos2Publish;
import io.mqttparty.spi.Targets;
import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What attach finds: a new session, or the old one with all that belongs to it. */
abstract class AttachCases {
    private static final long EMPTY = SessionStore.FIRST_SEQ - 1;

    private final BackendContract c;

    AttachCases(BackendContract contract) {
        this.c = contract;
    }

    @Test
    @Tag("MQTT-3.1.2-4")
    void attach_unknownClient_sessionIsNew() {
        AttachRequest request = c.connect("a").request();

        Attached attached = c.await(c.sessions().attach(request));

        assertThat(attached.fence().client()).isEqualTo(request.client());
        assertThat(attached.fence().token()).isEqualTo(request.token());
        assertThat(attached.fence().epoch()).isPositive();
        assertThat(attached.session().incarnation()).isEqualTo(request.token());
        assertThat(attached.present()).isFalse();
        assertThat(attached.lastSeq()).isEqualTo(EMPTY);
        assertThat(attached.dupUpTo()).isEqualTo(EMPTY);
        assertNothingIn(attached);
        assertThat(attached.previous()).isEmpty();
    }

    @Test
    @Tag("MQTT-3.1.2-4")
    @Tag("MQTT-4.1.0-1")
    void attach_afterDetach_findsAllOfTheSession() {
        Attached first = filledSession();
        c.await(c.sessions().detach(first.fence(), Detach.CLEAN, EMPTY + 1));

        Attached again = c.connect("a").at(c.node2()).attach();

        assertThat(again.present()).isTrue();
        assertThat(again.session()).isEqualTo(first.session());
        assertThat(again.fence().epoch()).isGreaterThan(first.fence().epoch());
        assertThat(payloads(again.records())).containsExactly("m1", "m3");
        assertThat(again.lastSeq()).isEqualTo(EMPTY + 3);
        assertThat(again.released()).containsExactly(EMPTY + 2);
        assertThat(again.inbound()).containsOnlyKeys(7).containsValue(Qos2InState.DONE);
        assertThat(again.subscriptions()).containsExactly(Subscription.of("s/+", QoS.EXACTLY_ONCE));
        assertThat(again.retained()).hasSize(1);
        assertThat(again.previous()).isEmpty();
    }

    @Test
    @Tag("MQTT-4.4.0-1")
    void attach_afterDetach_unacknowledgedRecordsKeepTheirPacketIds() {
        Attached first = filledSession();
        c.await(c.sessions().detach(first.fence(), Detach.LOST, EMPTY + 3));

        Attached again = c.connect("a").attach();

        assertThat(seqs(again.records())).containsExactly(EMPTY + 1, EMPTY + 3);
        assertThat(again.records())
                .extracting(record -> SessionStore.packetId(record.seq()))
                .containsExactly(1, 3);
    }

    @Test
    @Tag("MQTT-3.1.2-6")
    void attach_cleanSession_discardsAllOfTheOldOne() {
        Attached first = filledSession();
        c.await(c.sessions().detach(first.fence(), Detach.CLEAN, EMPTY));

        Attached clean = c.connect("a").clean().attach();

        assertThat(clean.present()).isFalse();
        assertThat(clean.session()).isNotEqualTo(first.session());
        assertThat(clean.lastSeq()).isEqualTo(EMPTY);
        assertThat(clean.dupUpTo()).isEqualTo(EMPTY);
        assertNothingIn(clean);
        c.eventually(() ->
                assertThat(c.node1().mirror().subscriptions(first.session())).isEmpty());
    }

    @Test
    @Tag("MQTT-3.1.2-6")
    void attach_cleanSessionOverLiveOne_discardsAllOfTheOldOne() {
        Attached first = filledSession();

        Attached clean = c.connect("a").transientSession().at(c.node2()).attach();

        assertThat(clean.present()).isFalse();
        assertNothingIn(clean);
        assertThat(c.queue(first)).isEmpty();
        c.eventually(() ->
                assertThat(c.node1().mirror().subscriptions(first.session())).isEmpty());
    }

    @Test
    @Tag("MQTT-3.1.2-6")
    void attach_afterTransientSession_sessionIsNew() {
        Attached first = c.connect("a").transientSession().attach();
        c.await(c.sessions().detach(first.fence(), Detach.CLEAN, 0));

        Attached again = c.connect("a").attach();

        assertThat(again.present()).isFalse();
        assertThat(again.session()).isNotEqualTo(first.session());
    }

    @Test // F3
    @Tag("MQTT-3.1.2-6")
    void attach_whileTransientSessionLives_sessionIsNew() {
        Attached first = c.connect("a").transientSession().attach();
        publishQos2(first, 7);

        Attached again = c.connect("a").at(c.node2()).attach();

        assertThat(again.present()).isFalse();
        assertThat(again.session()).isNotEqualTo(first.session());
        assertNothingIn(again);
        assertThat(c.enqueue(BackendContract.message("m"), leg(again)).get(0).seq())
                .isEqualTo(SessionStore.FIRST_SEQ);
    }

    @Test // F3
    void attach_expiredButNotSwept_sessionIsNew() {
        Attached first = c.connect("a").expiry(1).attach();
        c.subscribe(first.fence(), Subscription.of("s/+", QoS.AT_LEAST_ONCE));
        c.enqueueAll(first, "m1");
        c.await(c.sessions().detach(first.fence(), Detach.CLEAN, 0));
        c.elapse(Duration.ofSeconds(2));

        Attached again = c.connect("a").attach();

        assertThat(again.present()).isFalse();
        assertNothingIn(again);
        c.eventually(() ->
                assertThat(c.node1().mirror().subscriptions(first.session())).isEmpty());
        assertThat(c.enqueue(BackendContract.message("late"), leg(first)).get(0).seq())
                .isNegative();
        assertThat(c.queue(again)).isEmpty();
    }

    @Test
    void attach_beforeExpiry_sessionIsPresent() {
        Attached first = c.connect("a").expiry(60).attach();
        c.await(c.sessions().detach(first.fence(), Detach.CLEAN, 0));
        c.elapse(Duration.ofSeconds(1));

        assertThat(c.connect("a").attach().present()).isTrue();
    }

    @Test
    void attach_resumedWithoutExpiry_sessionEndsWithThatConnection() {
        c.offline("a");

        Attached resumed = c.connect("a").expiry(0).attach();
        c.await(c.sessions().detach(resumed.fence(), Detach.CLEAN, 0));

        assertThat(resumed.present()).isTrue();
        assertThat(c.locate("a")).isEmpty();
        assertThat(c.connect("a").attach().present()).isFalse();
    }

    @Test
    void attach_window_limitsTheRecords() {
        Attached first = c.offline("a");
        c.enqueueAll(first, "m1", "m2", "m3");

        Attached again = c.connect("a").window(2).attach();

        assertThat(payloads(again.records())).containsExactly("m1", "m2");
        assertThat(again.lastSeq()).isEqualTo(EMPTY + 3);
    }

    @Test
    void attach_allAcknowledged_numbersGoOn() {
        Attached first = c.connect("a").attach();
        c.enqueueAll(first, "m1", "m2");
        c.sessions().acknowledge(first.session(), new long[] {EMPTY + 1, EMPTY + 2});
        c.await(c.sessions().detach(first.fence(), Detach.CLEAN, EMPTY + 2));

        Attached again = c.connect("a").attach();
        c.enqueueAll(again, "m3");

        assertThat(again.records()).isEmpty();
        assertThat(again.lastSeq()).isEqualTo(EMPTY + 2);
        assertThat(seqs(c.queue(again))).containsExactly(EMPTY + 3);
    }

    // ---- DUP ----

    @Test
    @Tag("MQTT-3.3.1-1")
    void attach_ownerDetached_dupUpToIsWhatItSent() {
        Attached first = c.connect("a").attach();
        c.enqueueAll(first, "m1", "m2", "m3");
        c.await(c.sessions().detach(first.fence(), Detach.LOST, EMPTY + 2));

        assertThat(c.connect("a").attach().dupUpTo()).isEqualTo(EMPTY + 2);
    }

    @Test // F13
    @Tag("MQTT-3.3.1-1")
    void attach_ownerLeftWithoutDetach_dupUpToIsAll() {
        Attached first = c.connect("a").attach();
        c.enqueueAll(first, "m1", "m2", "m3");
        c.await(c.sessions().watermark(first.fence(), EMPTY + 1, EMPTY));

        Attached second = c.connect("a").at(c.node2()).attach();

        assertThat(second.dupUpTo()).isEqualTo(EMPTY + 3);
    }

    @Test // F13
    @Tag("MQTT-3.3.1-1")
    void attach_nodeOfOwnerLeft_dupUpToIsAll() {
        Attached first = c.connect("a").at(c.node2()).attach();
        c.enqueueAll(first, "m1", "m2");
        c.await(c.backend().cluster().bus().leave(c.node2().id()));

        Attached second = c.connect("a").attach();

        assertThat(second.dupUpTo()).isEqualTo(EMPTY + 2);
    }

    @Test // F13
    @Tag("MQTT-3.3.1-1")
    void attach_connectionInBetweenSentNothing_dupUpToStaysWhatOthersSent() {
        Attached first = c.connect("a").attach();
        c.enqueueAll(first, "m1", "m2");
        Attached second = c.connect("a").at(c.node2()).attach();
        c.enqueueAll(second, "m3");
        c.await(c.sessions().detach(second.fence(), Detach.LOST, 0));

        Attached third = c.connect("a").attach();

        assertThat(third.dupUpTo()).isEqualTo(EMPTY + 2);
        assertThat(third.lastSeq()).isEqualTo(EMPTY + 3);
    }

    @Test
    void attach_watermarkBeyondDetach_dupUpToIsTheHigher() {
        Attached first = c.connect("a").attach();
        c.enqueueAll(first, "m1", "m2", "m3");
        c.await(c.sessions().watermark(first.fence(), EMPTY + 3, EMPTY + 1));
        c.await(c.sessions().detach(first.fence(), Detach.LOST, EMPTY + 1));

        assertThat(c.connect("a").attach().dupUpTo()).isEqualTo(EMPTY + 3);
    }

    // ---- F28 ----

    @Test
    @Tag("MQTT-4.4.0-1")
    void attach_thousandReleased_areAscending() {
        Attached first = c.connect("a").attach();
        for (long i = 1_000; i > 0; i--) {
            c.await(c.sessions().qos2Out(first.fence(), EMPTY + i, Qos2Out.RELEASED));
        }
        c.await(c.sessions().detach(first.fence(), Detach.LOST, EMPTY));

        assertThat(c.connect("a").attach().released())
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(EMPTY + 1, EMPTY + 1_000).boxed().toList());
    }

    @Test
    void attach_idsOfOddCharacters_areDifferentClients() {
        String[] ids = {"{a}", "a", "%7Ba%7D", "{a}:s", "a:s", "A", "{", "}", "a\u0001", "\u00e4", "a ", "*"};
        for (String id : ids) {
            c.enqueueAll(c.offline(id), "of " + ids.length + id.hashCode());
        }

        for (String id : ids) {
            Attached again = c.connect(id).attach();
            assertThat(again.present()).isTrue();
            assertThat(payloads(again.records())).containsExactly("of " + ids.length + id.hashCode());
        }
    }

    @Test // F15
    void attach_nodeIsNoMember_failsAndOwnsNothing() {
        c.offline("known");
        var gone = BackendContract.newNodeId("gone");

        assertThatThrownBy(() -> c.connect("unknown").at(gone).attach()).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> c.connect("known").at(gone).attach()).isInstanceOf(AssertionError.class);

        assertThat(c.locate("known", "unknown"))
                .hasSize(1)
                .allSatisfy(
                        (client, entry) -> assertThat(entry.owner().isOnline()).isFalse());
    }

    /** A session with a bit of everything: records m1 and m3, m2 released, packet id 7 in, a subscription whose retained ones wait. */
    private Attached filledSession() {
        Attached attached = c.connect("a").attach();
        c.subscribe(attached.fence(), Subscription.of("s/+", QoS.EXACTLY_ONCE));
        c.enqueueAll(attached, "m1", "m2", "m3");
        c.await(c.sessions().qos2Out(attached.fence(), EMPTY + 2, Qos2Out.RELEASED));
        publishQos2(attached, 7);
        return attached;
    }

    private void publishQos2(Attached publisher, int packetId) {
        c.await(c.sessions()
                .publishQos2(
                        publisher.fence(),
                        new Qos2Publish(
                                packetId,
                                BackendContract.messageId(1),
                                BackendContract.message("in"),
                                Targets.NONE,
                                false)));
    }

    private static void assertNothingIn(Attached attached) {
        assertThat(attached.records()).isEmpty();
        assertThat(attached.released()).isEmpty();
        assertThat(attached.inbound()).isEmpty();
        assertThat(attached.subscriptions()).isEmpty();
        assertThat(attached.retained()).isEmpty();
        assertThat(attached.pendingWills()).isEmpty();
    }
}
