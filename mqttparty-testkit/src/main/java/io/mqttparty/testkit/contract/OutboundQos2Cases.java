package io.mqttparty.testkit.contract;

import static io.mqttparty.testkit.contract.BackendContract.payloads;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.SessionStore;
import io.mqttparty.spi.SessionStore.Attached;
import io.mqttparty.spi.SessionStore.Detach;
import io.mqttparty.spi.SessionStore.Qos2Out;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** After PUBREC the payload is gone and PUBREL is owed, until PUBCOMP. */
abstract class OutboundQos2Cases {
    private static final long FIRST = SessionStore.FIRST_SEQ;

    private final BackendContract c;
    private Attached a;

    OutboundQos2Cases(BackendContract contract) {
        this.c = contract;
    }

    @BeforeEach
    void enqueue() {
        a = c.connect("a").attach();
        c.enqueueAll(a, "m1", "m2");
    }

    @Test
    @Tag("MQTT-4.3.3-1")
    void qos2Out_released_dropsTheRecordAndRemembersItsNumber() {
        out(FIRST, Qos2Out.RELEASED);
        out(FIRST, Qos2Out.RELEASED);

        assertThat(payloads(c.queue(a))).containsExactly("m2");
        assertThat(resumed().released()).containsExactly(FIRST);
    }

    @Test
    void qos2Out_completed_forgetsTheNumber() {
        out(FIRST, Qos2Out.RELEASED);
        out(FIRST + 1, Qos2Out.RELEASED);

        out(FIRST, Qos2Out.COMPLETED);
        out(FIRST, Qos2Out.COMPLETED);

        assertThat(resumed().released()).containsExactly(FIRST + 1);
    }

    @Test
    @Tag("MQTT-4.4.0-1")
    void attach_afterRelease_owesPubrelAndNoPublish() {
        out(FIRST, Qos2Out.RELEASED);
        c.await(c.sessions().detach(a.fence(), Detach.LOST, FIRST + 1));

        Attached again = c.connect("a").at(c.node2()).attach();

        assertThat(again.released()).containsExactly(FIRST);
        assertThat(payloads(again.records())).containsExactly("m2");
        assertThat(again.dupUpTo()).isEqualTo(FIRST + 1);
    }

    @Test // F27
    void qos2Out_unknownNumber_isNoError() {
        out(FIRST + 50, Qos2Out.COMPLETED);

        assertThat(resumed().released()).isEmpty();
    }

    @Test
    void attach_released_doNotCountAsRecords() {
        out(FIRST, Qos2Out.RELEASED);

        assertThat(payloads(c.connect("a").window(1).attach().records())).containsExactly("m2");
    }

    @Test
    @Tag("MQTT-3.1.2-6")
    void attach_cleanSession_forgetsReleased() {
        out(FIRST, Qos2Out.RELEASED);

        assertThat(c.connect("a").clean().attach().released()).isEmpty();
    }

    private Attached resumed() {
        return c.connect("a").attach();
    }

    private void out(long seq, Qos2Out step) {
        assertThat(c.await(c.sessions().qos2Out(a.fence(), seq, step))).isEqualTo(FenceResult.OK);
    }
}
