package io.mqttparty.internal.session;

import static io.mqttparty.internal.session.Machines.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mqttparty.internal.packet.PacketType;
import io.mqttparty.model.ProtocolViolationException;
import io.mqttparty.model.QoS;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TransientOutboundTest {
    private final RecordingEffects effects = new RecordingEffects();
    private ConnectionMachine machine;

    @BeforeEach
    void connect() {
        machine = Machines.transientSession(effects);
    }

    private void deliver(String payload, QoS qos) {
        machine.onDelivery(message(payload, qos), qos, false);
    }

    @Test
    @Tag("MQTT-2.3.1-5")
    void deliver_qos0_hasNoPacketId() {
        deliver("x", QoS.AT_MOST_ONCE);

        assertThat(effects.take()).containsExactly("PUBLISH x id=0 qos=0");
    }

    @Test
    @Tag("MQTT-4.3.2-1")
    void deliver_qos1_firstPacketIdIs1AndPubackFreesIt() {
        deliver("a", QoS.AT_LEAST_ONCE);
        deliver("b", QoS.AT_LEAST_ONCE);
        machine.onAcknowledgement(PacketType.PUBACK, 1);

        assertThat(effects.take())
                .containsExactly("PUBLISH a id=1 qos=1", "PUBLISH b id=2 qos=1", "finished " + Machines.FIRST);
    }

    @Test
    @Tag("MQTT-4.3.3-1")
    @Tag("MQTT-4.6.0-4")
    void deliver_qos2_pubrelInTheOrderOfPubrecs() {
        deliver("a", QoS.EXACTLY_ONCE);
        deliver("b", QoS.EXACTLY_ONCE);
        effects.take();

        machine.onAcknowledgement(PacketType.PUBREC, 2);
        machine.onAcknowledgement(PacketType.PUBREC, 1);
        machine.onAcknowledgement(PacketType.PUBREC, 2);
        assertThat(effects.take()).containsExactly("PUBREL 2", "PUBREL 1", "PUBREL 2");
        machine.onAcknowledgement(PacketType.PUBCOMP, 1);

        assertThat(effects.take()).containsExactly("finished " + Machines.FIRST);
    }

    @Test
    void deliver_windowFull_waitsAndGoesOnInOrder() {
        for (String payload : new String[] {"a", "b", "c", "d", "e"}) {
            deliver(payload, QoS.AT_LEAST_ONCE);
        }
        assertThat(effects.take()).hasSize(3);

        machine.onAcknowledgement(PacketType.PUBACK, 2);
        assertThat(effects.take()).containsExactly("finished " + (Machines.FIRST + 1), "PUBLISH d id=4 qos=1");
        machine.onAcknowledgement(PacketType.PUBACK, 1);

        assertThat(effects.take()).containsExactly("finished " + Machines.FIRST, "PUBLISH e id=5 qos=1");
    }

    @Test
    void deliver_notWritable_waitsForRoom() {
        effects.writable = false;
        deliver("a", QoS.AT_LEAST_ONCE);
        assertThat(effects.take()).isEmpty();

        effects.writable = true;
        machine.onWritable();

        assertThat(effects.take()).containsExactly("PUBLISH a id=1 qos=1");
    }

    @Test
    void deliver_queueFull_closes() {
        for (int i = 0; i < 3 + 8; i++) {
            deliver("m" + i, QoS.AT_LEAST_ONCE);
        }
        assertThat(effects.take()).hasSize(3);
        assertThat(machine.isCongested()).isTrue();

        deliver("one more", QoS.AT_LEAST_ONCE);

        assertThat(effects.take()).containsExactly("close QUOTA_EXCEEDED");
    }

    @Test
    void drain_queueShortAgain_relieves() {
        for (int i = 0; i < 3 + 6; i++) {
            deliver("m" + i, QoS.AT_LEAST_ONCE);
        }
        effects.take();

        for (int id = 1; id <= 3; id++) {
            machine.onAcknowledgement(PacketType.PUBACK, id);
            assertThat(effects.take()).doesNotContain("relieved");
        }
        machine.onAcknowledgement(PacketType.PUBACK, 4);

        assertThat(effects.take()).contains("relieved");
        assertThat(machine.isCongested()).isFalse();
    }

    @Test
    void drain_deadlinePassed_isDropped() {
        for (int i = 0; i < 3; i++) {
            deliver("m" + i, QoS.AT_LEAST_ONCE);
        }
        machine.onDelivery(message("late", QoS.AT_LEAST_ONCE).withDeadlineMillis(5), QoS.AT_LEAST_ONCE, false);
        effects.take();
        effects.now = 5;

        machine.onAcknowledgement(PacketType.PUBACK, 1);

        assertThat(effects.take()).containsExactly("finished " + Machines.FIRST, "drop late EXPIRED");
    }

    @ParameterizedTest
    @EnumSource(
            value = PacketType.class,
            names = {"PUBACK", "PUBREC", "PUBCOMP"})
    void acknowledgement_nothingWasEverSent_isViolation(PacketType type) {
        assertThatExceptionOfType(ProtocolViolationException.class)
                .isThrownBy(() -> machine.onAcknowledgement(type, 1));
    }

    @Test
    void acknowledgement_unknownLater_isIgnoredOrAnswered() {
        deliver("a", QoS.AT_LEAST_ONCE);
        machine.onAcknowledgement(PacketType.PUBACK, 1);
        effects.take();

        machine.onAcknowledgement(PacketType.PUBACK, 1);
        machine.onAcknowledgement(PacketType.PUBCOMP, 77);
        machine.onAcknowledgement(PacketType.PUBREC, 77);

        assertThat(effects.take()).containsExactly("PUBREL 77");
    }

    @Test
    void acknowledgement_ofTheOtherQos_isViolation() {
        deliver("a", QoS.AT_LEAST_ONCE);
        deliver("b", QoS.EXACTLY_ONCE);

        assertThatExceptionOfType(ProtocolViolationException.class)
                .isThrownBy(() -> machine.onAcknowledgement(PacketType.PUBREC, 1));
        assertThatExceptionOfType(ProtocolViolationException.class)
                .isThrownBy(() -> machine.onAcknowledgement(PacketType.PUBACK, 2));
        assertThatExceptionOfType(ProtocolViolationException.class)
                .isThrownBy(() -> machine.onAcknowledgement(PacketType.PUBCOMP, 2));
    }

    @Test
    @Tag("MQTT-2.3.1-2")
    void deliver_packetIdsWrap_noneIsUsedTwice() {
        deliver("stuck", QoS.AT_LEAST_ONCE);
        effects.take();
        int sent = 0;
        for (int i = 2; i < 70_000; i++) {
            deliver("m", QoS.AT_LEAST_ONCE);
            boolean wasSent = effects.take().stream().anyMatch(line -> line.startsWith("PUBLISH"));
            if (!wasSent) {
                break; // the oldest open delivery holds the window
            }
            sent++;
            machine.onAcknowledgement(PacketType.PUBACK, i);
        }
        assertThat(sent).isBetween(32, 65_534);

        machine.onAcknowledgement(PacketType.PUBACK, 1);
        assertThat(effects.take()).contains("finished " + Machines.FIRST).anyMatch(line -> line.startsWith("PUBLISH"));
    }
}
