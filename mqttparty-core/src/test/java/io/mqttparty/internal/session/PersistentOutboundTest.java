package io.mqttparty.internal.session;

import static io.mqttparty.internal.session.Machines.FIRST;
import static io.mqttparty.internal.session.Machines.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.internal.packet.PacketType;
import io.mqttparty.model.QoS;
import io.mqttparty.spi.Queued;
import io.mqttparty.spi.SessionStore;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PersistentOutboundTest {
    private static final QoS QOS_1 = QoS.AT_LEAST_ONCE;
    private static final QoS QOS_2 = QoS.EXACTLY_ONCE;

    private final RecordingEffects effects = new RecordingEffects();

    private static Queued queued(long seq) {
        return new Queued(seq, message("m" + seq, QOS_1));
    }

    @Test
    void pushed_next_isSentFromMemory() {
        ConnectionMachine machine = Machines.persistentSession(effects);

        machine.onPushed(FIRST, message("a", QOS_1));
        machine.onPushed(FIRST + 1, message("b", QOS_1));
        machine.onAcknowledgement(PacketType.PUBACK, 1);

        assertThat(effects.take())
                .containsExactly(
                        "PUBLISH a id=1 qos=1", "PUBLISH b id=2 qos=1", "finished " + FIRST, "acknowledge " + FIRST);
    }

    @Test
    void pushed_notNext_isReadInOrder() {
        ConnectionMachine machine = Machines.persistentSession(effects);

        machine.onPushed(FIRST + 1, message("second", QOS_1));
        assertThat(effects.take()).containsExactly("read after=" + (FIRST - 1));
        machine.onPushed(FIRST, message("first", QOS_1));
        assertThat(effects.take()).isEmpty();
        machine.onRead(List.of(queued(FIRST), queued(FIRST + 1)), FIRST + 1);

        assertThat(effects.take())
                .containsExactly("PUBLISH m" + FIRST + " id=1 qos=1", "PUBLISH m" + (FIRST + 1) + " id=2 qos=1");
    }

    @Test
    void pushed_whileReading_isReadAfterwards() {
        ConnectionMachine machine = Machines.persistentSession(effects);
        machine.onPushed(FIRST, null);
        machine.onPushed(FIRST + 1, message("b", QOS_1));
        effects.take();

        machine.onRead(List.of(queued(FIRST)), FIRST);

        assertThat(effects.take()).containsExactly("PUBLISH m" + FIRST + " id=1 qos=1", "read after=" + FIRST);
    }

    @Test // F14
    void wakeUp_whileReading_isNotEndedByThatRead() {
        ConnectionMachine machine = Machines.persistentSession(effects);
        machine.onPushed(0, null);
        machine.onPushed(0, null);
        machine.onRead(List.of(), FIRST - 1);

        assertThat(effects.take()).containsExactly("read after=" + (FIRST - 1), "read after=" + (FIRST - 1));
        machine.onPushed(FIRST, message("a", QOS_1));
        machine.onRead(List.of(), FIRST - 1);
        assertThat(effects.take()).containsExactly("read after=" + (FIRST - 1));
        machine.onRead(List.of(queued(FIRST)), FIRST);
        assertThat(effects.take()).containsExactly("PUBLISH m" + FIRST + " id=1 qos=1");
    }

    @Test
    void read_empty_endsTheSearch() {
        ConnectionMachine machine = Machines.persistentSession(effects);
        machine.onPushed(FIRST + 3, null);
        effects.take();

        machine.onRead(List.of(), FIRST - 1);

        assertThat(effects.take()).isEmpty();
    }

    @Test
    void window_full_readsWhenItOpens() {
        ConnectionMachine machine = Machines.persistentSession(effects);
        for (int i = 0; i < 5; i++) {
            machine.onPushed(FIRST + i, message("m" + i, QOS_1));
        }
        assertThat(effects.take()).hasSize(3);

        machine.onAcknowledgement(PacketType.PUBACK, 1);

        assertThat(effects.take())
                .containsExactly("finished " + FIRST, "acknowledge " + FIRST, "read after=" + (FIRST + 2));
    }

    @Test
    @Tag("MQTT-4.4.0-1")
    @Tag("MQTT-3.3.1-1")
    @Tag("MQTT-4.6.0-1")
    @Tag("MQTT-2.3.1-4")
    void resume_sendsPubrelsThenPublishesUnderTheirIds() {
        new Machines.Resumed()
                .released(FIRST + 1)
                .record(FIRST + 2, QOS_1)
                .record(FIRST + 3, QOS_2)
                .dupUpTo(FIRST + 2)
                .connect(effects);

        assertThat(effects.take())
                .containsExactly(
                        "connect c",
                        "CONNACK ACCEPTED present",
                        "PUBREL 2",
                        "PUBLISH m" + (FIRST + 2) + " id=3 qos=1 dup",
                        "PUBLISH m" + (FIRST + 3) + " id=4 qos=2");
    }

    @Test
    void resume_releasedCountInTheWindow() {
        ConnectionMachine machine = new Machines.Resumed()
                .released(FIRST)
                .released(FIRST + 1)
                .record(FIRST + 2, QOS_1)
                .record(FIRST + 3, QOS_1)
                .connect(effects);
        assertThat(effects.take())
                .filteredOn(line -> line.startsWith("PUBLISH"))
                .hasSize(1);

        machine.onAcknowledgement(PacketType.PUBCOMP, 1);
        assertThat(effects.take()).containsExactly("complete " + FIRST);
        machine.onCompleted(FIRST);

        assertThat(effects.take()).containsExactly("finished " + FIRST, "read after=" + (FIRST + 2));
    }

    @Test
    void resume_moreThanLoaded_isReadOn() {
        new Machines.Resumed().record(FIRST, QOS_1).lastSeq(FIRST + 9).connect(effects);

        assertThat(effects.take()).endsWith("read after=" + FIRST);
    }

    @Test
    void pubrec_isNotedBeforePubrel() {
        ConnectionMachine machine = Machines.persistentSession(effects);
        machine.onPushed(FIRST, message("a", QOS_2));
        effects.take();

        machine.onAcknowledgement(PacketType.PUBREC, 1);
        machine.onAcknowledgement(PacketType.PUBREC, 1);
        assertThat(effects.take()).containsExactly("release " + FIRST);
        machine.onReleased(FIRST);
        assertThat(effects.take()).containsExactly("PUBREL 1");
        machine.onAcknowledgement(PacketType.PUBCOMP, 1);
        machine.onAcknowledgement(PacketType.PUBCOMP, 1);
        assertThat(effects.take()).containsExactly("complete " + FIRST);
        machine.onCompleted(FIRST);

        assertThat(effects.take()).containsExactly("finished " + FIRST);
    }

    @Test
    void acknowledgement_unknownAfterResume_isNoViolation() {
        ConnectionMachine machine = new Machines.Resumed().lastSeq(FIRST + 3).connect(effects);
        effects.take();
        machine.onRead(List.of(), FIRST + 3);
        effects.take();

        machine.onAcknowledgement(PacketType.PUBACK, 40);
        machine.onAcknowledgement(PacketType.PUBCOMP, 40);
        machine.onAcknowledgement(PacketType.PUBREC, 40);

        assertThat(effects.take()).containsExactly("PUBREL 40");
    }

    @Test
    void pushed_manyUnsent_isCongestedUntilFewAre() {
        ConnectionMachine machine = Machines.persistentSession(effects);
        for (int i = 0; i < 7; i++) {
            machine.onPushed(FIRST + i, message("m" + i, QOS_1));
        }
        assertThat(machine.isCongested()).isFalse();
        machine.onPushed(FIRST + 7, message("m7", QOS_1));
        assertThat(machine.isCongested()).isTrue();
        effects.take();

        machine.onAcknowledgement(PacketType.PUBACK, 1);
        machine.onRead(List.of(queued(FIRST + 3)), FIRST + 3);
        machine.onAcknowledgement(PacketType.PUBACK, 2);
        machine.onRead(List.of(queued(FIRST + 4)), FIRST + 4);
        assertThat(effects.take()).doesNotContain("relieved");
        machine.onAcknowledgement(PacketType.PUBACK, 3);
        machine.onRead(List.of(queued(FIRST + 5)), FIRST + 5);

        assertThat(effects.take()).contains("relieved");
        assertThat(machine.isCongested()).isFalse();
    }

    // ---- F29: no packet id for two at once ----

    /** Sends and acknowledges records until the next one would need the packet id of {@code FIRST} again. */
    private void goRound(ConnectionMachine machine) {
        for (long seq = FIRST + 1; seq < FIRST + 65_535; seq++) {
            machine.onPushed(seq, message("m", QOS_1));
            machine.onAcknowledgement(PacketType.PUBACK, SessionStore.packetId(seq));
        }
        assertThat(effects.take())
                .filteredOn(line -> line.startsWith("PUBLISH"))
                .hasSize(65_534)
                .noneMatch(line -> line.contains(" id=1 "));
        machine.onPushed(FIRST + 65_535, message("again id 1", QOS_1));
    }

    @Test // F29
    void packetId_pubcompNotNotedYet_isNotUsedAgain() {
        ConnectionMachine machine = new Machines.Resumed().released(FIRST).connect(effects);
        machine.onAcknowledgement(PacketType.PUBCOMP, 1);
        assertThat(effects.take()).endsWith("PUBREL 1", "complete " + FIRST);

        goRound(machine);
        machine.onRead(List.of(queued(FIRST + 65_535)), FIRST + 65_535);
        assertThat(effects.take()).containsExactly("read after=" + (FIRST + 65_534));
        machine.onCompleted(FIRST);

        assertThat(effects.take()).containsExactly("finished " + FIRST, "read after=" + (FIRST + 65_534));
        machine.onRead(List.of(queued(FIRST + 65_535)), FIRST + 65_535);
        assertThat(effects.take()).containsExactly("PUBLISH m" + (FIRST + 65_535) + " id=1 qos=1");
    }

    @Test // F29
    void packetId_ofARecordThatTheSessionWasResumedWith_isNotUsedAgain() {
        ConnectionMachine machine =
                new Machines.Resumed().record(FIRST, QOS_1).dupUpTo(FIRST).connect(effects);
        assertThat(effects.take()).endsWith("PUBLISH m" + FIRST + " id=1 qos=1 dup");

        goRound(machine);
        machine.onRead(List.of(queued(FIRST + 65_535)), FIRST + 65_535);
        assertThat(effects.take()).noneMatch(line -> line.startsWith("PUBLISH"));
        machine.onAcknowledgement(PacketType.PUBACK, 1);
        machine.onRead(List.of(queued(FIRST + 65_535)), FIRST + 65_535);

        assertThat(effects.take())
                .containsSubsequence(
                        "finished " + FIRST,
                        "acknowledge " + FIRST,
                        "read after=" + (FIRST + 65_534),
                        "PUBLISH m" + (FIRST + 65_535) + " id=1 qos=1");
    }

    // ---- watermarks ----

    @ParameterizedTest
    @CsvSource({"10000,256", "2048,256", "800,100", "80,10", "7,1"})
    void acknowledged_anEighthOfTheQueue_isNoted(int queueMessages, int every) {
        ConnectionMachine machine = new Machines.Resumed().connect(effects, limits(1_000, queueMessages));
        for (int i = 0; i < every; i++) {
            machine.onPushed(FIRST + i, message("m", QOS_1));
        }
        for (int i = 1; i < every; i++) {
            machine.onAcknowledgement(PacketType.PUBACK, i);
        }
        assertThat(effects.watermarks).isEmpty();

        machine.onAcknowledgement(PacketType.PUBACK, every);

        long last = FIRST + every - 1;
        assertThat(effects.watermarks).containsExactly(last + " " + last);
    }

    @Test // what is acknowledged out of order counts when the oldest is
    void acknowledged_behindAnOpenOne_isNotedUpToThat() {
        ConnectionMachine machine = new Machines.Resumed().connect(effects, limits(1_000, 80));
        for (int i = 0; i < 20; i++) {
            machine.onPushed(FIRST + i, message("m", QOS_1));
        }
        for (int i = 2; i <= 11; i++) {
            machine.onAcknowledgement(PacketType.PUBACK, i);
        }
        assertThat(effects.watermarks).containsExactly((FIRST + 19) + " " + (FIRST - 1));
    }

    @Test // else a client that is slow would be taken for one that is stuck
    void acknowledged_slowlyFromADeepQueue_isNotedByTheTime() {
        ConnectionMachine machine = new Machines.Resumed().connect(effects, limits(10, 10_000));
        for (int i = 0; i < 3_000; i++) {
            machine.onPushed(FIRST + i, message("m", QOS_1));
        }
        effects.now = 1_000;
        machine.onAcknowledgement(PacketType.PUBACK, 1);
        effects.now = 1_249;
        machine.onAcknowledgement(PacketType.PUBACK, 2);
        assertThat(effects.watermarks).containsExactly((FIRST + 9) + " " + FIRST);

        effects.now = 1_250;
        machine.onAcknowledgement(PacketType.PUBACK, 3);

        assertThat(effects.watermarks).hasSize(2).last().isEqualTo((FIRST + 9) + " " + (FIRST + 2));
    }

    private static SessionLimits limits(int receiveMaximum, int queueMessages) {
        return new SessionLimits(receiveMaximum, queueMessages, 1_000_000, 4, 100_000_000_000L);
    }
}
