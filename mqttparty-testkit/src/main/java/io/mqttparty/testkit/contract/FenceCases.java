package io.mqttparty.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.QoS;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.TopicName;
import io.mqttparty.spi.Fence;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.SessionStore;
import io.mqttparty.spi.SessionStore.Attached;
import io.mqttparty.spi.SessionStore.Detach;
import io.mqttparty.spi.SessionStore.Qos2In;
import io.mqttparty.spi.SessionStore.Qos2InState;
import io.mqttparty.spi.SessionStore.Qos2Out;
import io.mqttparty.spi.SessionStore.Qos2Publish;
import io.mqttparty.spi.SessionStore.Qos2Published;
import io.mqttparty.spi.SessionStore.RetainedCursor;
import io.mqttparty.spi.SessionStore.RetainedStep;
import io.mqttparty.spi.Targets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A connection that no longer owns its session changes nothing (F10, F12, F19). */
abstract class FenceCases {
    private final BackendContract c;
    private Attached owner;
    private Fence stale;
    private Attached target;

    FenceCases(BackendContract contract) {
        this.c = contract;
    }

    @BeforeEach
    void takeOver() {
        Attached old = c.connect("a").attach();
        c.enqueueAll(old, "m1");
        target = c.offline("target");
        stale = old.fence();
        owner = c.connect("a").at(c.node2()).attach();
        c.node1().received();
    }

    @Test
    void detach_staleLost_changesNothing() {
        assertStale(c.await(c.sessions().detach(stale, Detach.LOST, 0)));

        assertThat(c.await(c.sessions().watermark(owner.fence(), 0, 0))).isEqualTo(FenceResult.OK);
        assertThat(resume().pendingWills()).isEmpty();
    }

    @Test
    void detach_staleClean_changesNothing() {
        assertStale(c.await(c.sessions().detach(stale, Detach.CLEAN, 0)));

        assertThat(c.await(c.sessions().watermark(owner.fence(), 0, 0))).isEqualTo(FenceResult.OK);
    }

    @Test // F19
    void subscribe_stale_changesNothing() {
        c.subscribe(owner.fence(), Subscription.of("kept", QoS.AT_LEAST_ONCE));

        SessionStore.Subscribed answer = c.subscribe(stale, Subscription.of("late", QoS.AT_LEAST_ONCE));

        assertStale(answer.result());
        assertThat(resume().subscriptions()).containsExactly(Subscription.of("kept", QoS.AT_LEAST_ONCE));
        c.eventually(() -> assertThat(c.node1().mirror().subscriptions(owner.session()))
                .contains(List.of(Subscription.of("kept", QoS.AT_LEAST_ONCE))));
    }

    @Test
    void watermark_stale_changesNothing() {
        c.enqueueAll(owner, "m2");

        assertStale(c.await(c.sessions().watermark(stale, owner.lastSeq() + 1, owner.lastSeq() + 1)));

        c.await(c.sessions().detach(owner.fence(), Detach.CLEAN, 0));
        assertThat(c.connect("a").attach().dupUpTo()).isEqualTo(owner.lastSeq());
    }

    @Test // F10
    void publishQos2_stale_reachesNobody() {
        Qos2Publish publish = publish(new Targets(
                List.of(BackendContract.leg(target)), Set.of(c.node1().id()), List.of()));

        Qos2Published answer = c.await(c.sessions().publishQos2(stale, publish));

        assertThat(answer.status()).isEqualTo(Qos2Published.Status.STALE);
        assertThat(c.queue(target)).isEmpty();
        assertThat(c.node1().received()).isEmpty();
        assertThat(resume().inbound()).isEmpty();
    }

    @Test // F12
    void beginQos2Retained_stale_writesNothing() {
        assertStale(c.await(c.sessions().beginQos2Retained(stale, publish(Targets.NONE))));

        assertThat(c.await(c.retained().exact(TopicName.of("r")))).isEmpty();
        assertThat(resume().inbound()).isEmpty();
    }

    @Test
    void qos2In_stale_changesNothing() {
        c.await(c.sessions().publishQos2(owner.fence(), publish(Targets.NONE)));

        assertStale(c.await(c.sessions().qos2In(stale, 5, Qos2In.DONE)));
        assertStale(c.await(c.sessions().qos2In(stale, 5, Qos2In.CLEAR)));

        assertThat(resume().inbound()).containsEntry(5, Qos2InState.ENQUEUED);
    }

    @Test
    void qos2Out_stale_changesNothing() {
        long seq = owner.lastSeq();
        assertStale(c.await(c.sessions().qos2Out(stale, seq, Qos2Out.RELEASED)));
        assertThat(c.queue(owner)).hasSize(1);

        c.await(c.sessions().qos2Out(owner.fence(), seq, Qos2Out.RELEASED));
        assertStale(c.await(c.sessions().qos2Out(stale, seq, Qos2Out.COMPLETED)));
        assertThat(resume().released()).containsExactly(seq);
    }

    @Test
    void enqueueRetained_stale_changesNothing() {
        c.subscribe(owner.fence(), Subscription.of("r", QoS.AT_LEAST_ONCE));
        c.await(c.retained().put(BackendContract.retainedMessage("r", "v"), Optional.empty()));
        RetainedCursor cursor = new RetainedCursor(TopicFilter.of("r"), QoS.AT_LEAST_ONCE, "");

        assertStale(c.await(c.sessions()
                        .enqueueRetained(stale, new RetainedStep(cursor, List.of(TopicName.of("r")), Optional.empty())))
                .result());

        Attached again = resume();
        assertThat(again.records()).hasSize(1);
        assertThat(again.retained()).containsExactly(cursor);
    }

    @Test // F12
    void retainedPut_ofSupersededConnection_isStale() {
        c.await(c.retained().put(BackendContract.retainedMessage("r", "new"), Optional.of(owner.fence())));

        assertStale(c.await(c.retained().put(BackendContract.retainedMessage("r", "old"), Optional.of(stale))));
        assertStale(c.await(c.retained().put(BackendContract.retainedMessage("r", ""), Optional.of(stale))));

        assertThat(c.await(c.retained().exact(TopicName.of("r"))))
                .map(message -> message.payload().asUtf8String())
                .contains("new");
    }

    private Attached resume() {
        return c.connect("a").attach();
    }

    private static Qos2Publish publish(Targets targets) {
        return new Qos2Publish(
                5, BackendContract.messageId(5), BackendContract.retainedMessage("r", "late"), targets, true);
    }

    private static void assertStale(FenceResult result) {
        assertThat(result).isEqualTo(FenceResult.STALE);
    }
}
