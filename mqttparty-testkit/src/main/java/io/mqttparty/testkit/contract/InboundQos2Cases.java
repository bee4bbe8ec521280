package io.mqttparty.testkit.contract;

import static io.mqttparty.testkit.contract.BackendContract.leg;
import static io.mqttparty.testkit.contract.BackendContract.message;
import static io.mqttparty.testkit.contract.BackendContract.messageId;
import static io.mqttparty.testkit.contract.BackendContract.payloads;
import static io.mqttparty.testkit.contract.BackendContract.retainedMessage;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.TopicName;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.SessionStore;
import io.mqttparty.spi.SessionStore.Attached;
import io.mqttparty.spi.SessionStore.Detach;
import io.mqttparty.spi.SessionStore.Qos2In;
import io.mqttparty.spi.SessionStore.Qos2InState;
import io.mqttparty.spi.SessionStore.Qos2Publish;
import io.mqttparty.spi.SessionStore.Qos2Published;
import io.mqttparty.spi.SessionStore.Stored;
import io.mqttparty.spi.SharedTarget;
import io.mqttparty.spi.Targets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A QoS 2 publish reaches everybody once, however often and from wherever it is sent again (section 4.3.3). */
abstract class InboundQos2Cases {
    private static final Message SENT = message("m").withQos(QoS.EXACTLY_ONCE);

    private final BackendContract c;
    private Attached publisher;
    private Attached target;
    private Attached lowTarget;
    private Targets targets = Targets.NONE;

    InboundQos2Cases(BackendContract contract) {
        this.c = contract;
    }

    @BeforeEach
    void connect() {
        publisher = c.connect("publisher").attach();
        target = c.offline("target");
        lowTarget = c.connect("low").at(c.node2()).attach();
        targets = new Targets(
                List.of(leg(target), leg(lowTarget, QoS.AT_LEAST_ONCE)),
                Set.of(c.node1().id(), c.node2().id()),
                List.of());
    }

    @Test // F11
    @Tag("MQTT-4.3.3-2")
    void publishQos2_newPacketId_reachesAllTargetsOnce() {
        Qos2Published answer = publish(7, 1);

        assertThat(answer.status()).isEqualTo(Qos2Published.Status.NEW);
        assertThat(answer.messageId()).isEqualTo(messageId(1));
        assertThat(answer.upstreamDone()).isTrue();
        assertThat(answer.legs()).extracting(Stored::seq).containsOnly(SessionStore.FIRST_SEQ);
        assertThat(answer.legs()).extracting(Stored::acknowledgedUpTo).containsOnly(SessionStore.FIRST_SEQ - 1);
        assertThat(answer.legs().get(0).owner().isOnline()).isFalse();
        assertThat(answer.legs().get(1).owner().node()).contains(c.node2().id());
        assertThat(c.queue(target)).extracting(each -> each.message()).containsExactly(SENT);
        assertThat(c.queue(lowTarget))
                .extracting(each -> each.message())
                .containsExactly(SENT.withQos(QoS.AT_LEAST_ONCE));
        assertThat(c.node1().received()).containsExactly(new BusRecord.Transmit(SENT));
        assertThat(c.node2().received()).containsExactly(new BusRecord.Transmit(SENT));
    }

    @Test // F11
    @Tag("MQTT-4.3.3-2")
    void publishQos2_again_reachesNobodyAndNamesTheFirst() {
        publish(7, 1);

        Qos2Published again = publish(7, 2);

        assertThat(again.status()).isEqualTo(Qos2Published.Status.DUPLICATE);
        assertThat(again.messageId()).isEqualTo(messageId(1));
        assertReachedOnce();
    }

    @Test
    void publishQos2_again_namesTheOwnersToWake() {
        publish(7, 1);
        Attached moved = c.connect("target").attach();

        Qos2Published again = publish(7, 2);

        assertThat(again.legs()).extracting(Stored::seq).containsExactly(0L, 0L);
        assertThat(again.legs())
                .extracting(leg -> leg.owner().node())
                .containsExactly(
                        Optional.of(c.node1().id()), Optional.of(c.node2().id()));
        assertThat(again.legs().get(0).owner().epoch()).isEqualTo(moved.fence().epoch());
    }

    @Test
    void publishQos2_againAfterTargetsWentAway_namesNobodyToWake() {
        publish(7, 1);
        c.await(c.sessions().detach(lowTarget.fence(), Detach.CLEAN, 0));

        Qos2Published again = publish(7, 2);

        assertThat(again.legs()).hasSize(2).noneMatch(leg -> leg.owner().isOnline());
    }

    @Test
    void publishQos2_stale_namesNobody() {
        publish(7, 1);
        Attached old = publisher;
        publisher = c.connect("publisher").attach();
        Qos2Publish publish = new Qos2Publish(7, messageId(2), SENT, targets, false);

        Qos2Published answer = c.await(c.sessions().publishQos2(old.fence(), publish));

        assertThat(answer.status()).isEqualTo(Qos2Published.Status.STALE);
        assertThat(answer.legs()).isEmpty();
    }

    @Test // F10, F26
    @Tag("MQTT-4.3.3-2")
    void publishQos2_againAfterTakeover_reachesNobodyAndNamesTheFirst() {
        publish(7, 1);
        publisher = c.connect("publisher").at(c.node2()).attach();

        Qos2Published again = publish(7, 2);

        assertThat(publisher.inbound()).containsEntry(7, Qos2InState.DONE);
        assertThat(again.status()).isEqualTo(Qos2Published.Status.DUPLICATE);
        assertThat(again.messageId()).isEqualTo(messageId(1));
        assertReachedOnce();
    }

    @Test // F10
    void publishQos2_againAfterReconnect_reachesNobody() {
        publish(7, 1);
        c.await(c.sessions().detach(publisher.fence(), Detach.LOST, 0));
        publisher = c.connect("publisher").attach();

        assertThat(publish(7, 2).status()).isEqualTo(Qos2Published.Status.DUPLICATE);
        assertReachedOnce();
    }

    @Test // F10
    void publishQos2_packetIdUsedAgain_isNew() {
        publish(7, 1);
        in(7, Qos2In.CLEAR);
        in(7, Qos2In.CLEAR);

        Qos2Published next = publish(7, 2);

        assertThat(next.status()).isEqualTo(Qos2Published.Status.NEW);
        assertThat(next.messageId()).isEqualTo(messageId(2));
        assertThat(payloads(c.queue(target))).containsExactly("m", "m");
    }

    @Test
    void publishQos2_otherPacketIds_areIndependent() {
        assertThat(publish(1, 1).status()).isEqualTo(Qos2Published.Status.NEW);
        assertThat(publish(65_535, 2).status()).isEqualTo(Qos2Published.Status.NEW);
        in(1, Qos2In.CLEAR);

        assertThat(publish(65_535, 3).status()).isEqualTo(Qos2Published.Status.DUPLICATE);
        assertThat(publish(1, 4).status()).isEqualTo(Qos2Published.Status.NEW);
    }

    @Test
    void publishQos2_manyAtOnce_isNewOnce() {
        List<Qos2Published> answers = Race.of(8, i -> publish(7, i));

        assertThat(answers)
                .filteredOn(answer -> answer.status() == Qos2Published.Status.NEW)
                .hasSize(1);
        assertThat(answers)
                .extracting(Qos2Published::messageId)
                .containsOnly(answers.get(0).messageId());
        assertReachedOnce();
    }

    @Test // F25
    void publishQos2_targetsGone_reachesTheOthers() {
        c.await(c.sessions().detach(lowTarget.fence(), Detach.CLEAN, 0));
        c.connect("low").clean().attach();
        NodeId gone = BackendContract.newNodeId("gone");
        targets = new Targets(
                List.of(leg(lowTarget), leg(target)), Set.of(gone, c.node1().id()), List.of());

        Qos2Published answer = publish(7, 1);

        assertThat(answer.legs().get(0).seq()).isNegative();
        assertThat(answer.legs().get(1).seq()).isEqualTo(SessionStore.FIRST_SEQ);
        assertThat(c.node1().received()).hasSize(1);
    }

    @Test
    void publishQos2_sharedTargets_reachesThemOnceAndNamesThoseThatAreGone() {
        TopicFilter filter = TopicFilter.of("$share/g/#");
        SharedTarget there = new SharedTarget(c.node2().id(), filter);
        SharedTarget gone = new SharedTarget(BackendContract.newNodeId("gone"), filter);
        targets = new Targets(List.of(), Set.of(), List.of(there, gone));

        assertThat(publish(7, 1).missed()).containsExactly(gone);
        assertThat(publish(7, 1).missed()).isEmpty();

        assertThat(c.node2().received()).containsExactly(new BusRecord.TransmitShared(SENT, filter, 0));
    }

    @Test
    void publishQos2_toItself_isQueued() {
        targets = BackendContract.to(leg(publisher));

        assertThat(publish(7, 1).legs()).hasSize(1);

        assertThat(payloads(c.queue(publisher))).containsExactly("m");
    }

    @Test
    void publishQos2_nobody_isRememberedToo() {
        targets = Targets.NONE;

        assertThat(publish(7, 1).status()).isEqualTo(Qos2Published.Status.NEW);
        assertThat(publish(7, 2).status()).isEqualTo(Qos2Published.Status.DUPLICATE);
    }

    // ---- upstream ----

    @Test // F26
    void publishQos2_withUpstream_isNotDoneUntilSaid() {
        Qos2Published first = publishUpstream(7, 1);
        Qos2Published before = publishUpstream(7, 2);
        in(7, Qos2In.DONE);
        in(7, Qos2In.DONE);
        Qos2Published after = publishUpstream(7, 3);

        assertThat(first.upstreamDone()).isFalse();
        assertThat(before.status()).isEqualTo(Qos2Published.Status.DUPLICATE);
        assertThat(before.upstreamDone()).isFalse();
        assertThat(after.upstreamDone()).isTrue();
        assertThat(List.of(first.messageId(), before.messageId(), after.messageId()))
                .containsOnly(messageId(1));
        assertReachedOnce();
    }

    @Test
    void attach_openExchanges_tellsHowFarTheyAre() {
        begin(1, retainedMessage("r", "v"));
        publishUpstream(2, 2);
        publish(3, 3);

        assertThat(c.connect("publisher").attach().inbound())
                .containsEntry(1, Qos2InState.BEGUN)
                .containsEntry(2, Qos2InState.ENQUEUED)
                .containsEntry(3, Qos2InState.DONE)
                .hasSize(3);
    }

    @Test
    void qos2In_unknownPacketId_isNoError() {
        in(9, Qos2In.CLEAR);
        in(9, Qos2In.DONE);

        assertThat(c.connect("publisher").attach().inbound()).isEmpty();
    }

    // ---- retained ----

    @Test
    @Tag("MQTT-3.3.1-5")
    void beginQos2Retained_new_writesTheMessage() {
        Message retained = retainedMessage("r", "v").withQos(QoS.EXACTLY_ONCE);

        begin(7, retained);

        assertThat(c.await(c.retained().exact(TopicName.of("r")))).contains(retained);
    }

    @Test
    void beginQos2Retained_again_writesNothing() {
        begin(7, retainedMessage("r", "first"));
        c.await(c.retained().put(retainedMessage("r", "later"), Optional.empty()));

        begin(7, retainedMessage("r", "first"));

        assertThat(retainedPayload()).contains("later");
    }

    @Test
    void beginQos2Retained_afterPublish_writesNothing() {
        begin(7, retainedMessage("r", "first"));
        publish(7, 1);
        c.await(c.retained().put(retainedMessage("r", "later"), Optional.empty()));

        begin(7, retainedMessage("r", "first"));

        assertThat(retainedPayload()).contains("later");
        assertThat(publish(7, 2).status()).isEqualTo(Qos2Published.Status.DUPLICATE);
    }

    @Test
    void publishQos2_begun_isNewOnceWithTheFirstMessageId() {
        begin(7, retainedMessage("r", "v"));

        Qos2Published first = publish(7, 2);
        Qos2Published again = publish(7, 3);

        assertThat(first.status()).isEqualTo(Qos2Published.Status.NEW);
        assertThat(again.status()).isEqualTo(Qos2Published.Status.DUPLICATE);
        assertThat(List.of(first.messageId(), again.messageId())).containsOnly(messageId(99));
        assertReachedOnce();
    }

    @Test
    @Tag("MQTT-3.3.1-10")
    void beginQos2Retained_emptyPayload_removesTheMessage() {
        c.await(c.retained().put(retainedMessage("r", "v"), Optional.empty()));

        begin(7, retainedMessage("r", ""));

        assertThat(retainedPayload()).isEmpty();
    }

    private Qos2Published publish(int packetId, long id) {
        return publish(packetId, id, false);
    }

    private Qos2Published publishUpstream(int packetId, long id) {
        return publish(packetId, id, true);
    }

    private Qos2Published publish(int packetId, long id, boolean upstream) {
        Qos2Publish publish = new Qos2Publish(packetId, messageId(id), SENT, targets, upstream);
        return c.await(c.sessions().publishQos2(publisher.fence(), publish));
    }

    private void begin(int packetId, Message retained) {
        Qos2Publish publish = new Qos2Publish(packetId, messageId(99), retained, Targets.NONE, false);
        assertThat(c.await(c.sessions().beginQos2Retained(publisher.fence(), publish)))
                .isEqualTo(FenceResult.OK);
    }

    private void in(int packetId, Qos2In step) {
        assertThat(c.await(c.sessions().qos2In(publisher.fence(), packetId, step)))
                .isEqualTo(FenceResult.OK);
    }

    private Optional<String> retainedPayload() {
        return c.await(c.retained().exact(TopicName.of("r")))
                .map(message -> message.payload().asUtf8String());
    }

    private void assertReachedOnce() {
        assertThat(payloads(c.queue(target))).containsExactly("m");
        assertThat(payloads(c.queue(lowTarget))).containsExactly("m");
        for (ContractNode node : List.of(c.node1(), c.node2())) {
            assertThat(node.received())
                    .filteredOn(BusRecord.Transmit.class::isInstance)
                    .hasSize(1);
        }
    }
}
