package io.mqttparty.internal.session;

import static io.mqttparty.internal.session.Machines.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mqttparty.internal.packet.PacketType;
import io.mqttparty.model.ProtocolViolationException;
import io.mqttparty.model.QoS;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class InboundTest {
    private final RecordingEffects effects = new RecordingEffects();

    @Test
    void publish_qos0_isPublishedWithoutTicket() {
        ConnectionMachine machine = Machines.transientSession(effects);

        machine.onPublish(message("x", QoS.AT_MOST_ONCE), 0, false);

        assertThat(effects.take()).containsExactly("publish x ticket=" + Effects.NO_TICKET);
    }

    @Test
    @Tag("MQTT-4.6.0-2")
    @Tag("MQTT-4.6.0-3")
    void publish_safeOutOfOrder_isAcknowledgedInOrder() {
        ConnectionMachine machine = Machines.transientSession(effects);
        machine.onPublish(message("a", QoS.AT_LEAST_ONCE), 11, false);
        machine.onPublish(message("b", QoS.EXACTLY_ONCE), 12, false);
        machine.onPublish(message("c", QoS.AT_LEAST_ONCE), 13, false);
        assertThat(effects.take()).containsExactly("publish a ticket=0", "publish b ticket=1", "publish c ticket=2");

        machine.onPublished(2);
        machine.onPublished(1);
        assertThat(effects.take()).isEmpty();
        machine.onPublished(0);

        assertThat(effects.take()).containsExactly("PUBACK 11", "PUBREC 12", "PUBACK 13");
    }

    @Test
    void publish_moreThanTheRingHolds_keepsOrder() {
        ConnectionMachine machine = Machines.transientSession(effects);
        for (int i = 1; i <= 100; i++) {
            machine.onPublish(message("m", QoS.AT_LEAST_ONCE), i, false);
        }
        effects.take();

        for (int ticket = 99; ticket >= 0; ticket--) {
            machine.onPublished(ticket);
        }

        assertThat(effects.take())
                .hasSize(100)
                .startsWith("PUBACK 1", "PUBACK 2")
                .endsWith("PUBACK 100");
    }

    @Test
    @Tag("MQTT-4.3.3-2")
    void publish_qos2Again_isAcknowledgedAndNotPublished() {
        ConnectionMachine machine = Machines.transientSession(effects);
        machine.onPublish(message("x", QoS.EXACTLY_ONCE), 7, false);
        machine.onPublished(0);
        assertThat(effects.take()).containsExactly("publish x ticket=0", "PUBREC 7");

        machine.onPublish(message("x", QoS.EXACTLY_ONCE), 7, true);
        assertThat(effects.take()).containsExactly("PUBREC 7");
        machine.onAcknowledgement(PacketType.PUBREL, 7);
        assertThat(effects.take()).containsExactly("PUBCOMP 7");
        machine.onPublish(message("y", QoS.EXACTLY_ONCE), 7, false);

        assertThat(effects.take()).containsExactly("publish y ticket=2");
    }

    @Test
    void publish_qos2FirstSeenWithDup_isPublished() {
        ConnectionMachine machine = Machines.transientSession(effects);

        machine.onPublish(message("x", QoS.EXACTLY_ONCE), 7, true);

        assertThat(effects.take()).containsExactly("publish x ticket=0");
    }

    @Test
    void pubrel_unknown_isAnswered() {
        ConnectionMachine machine = Machines.persistentSession(effects);

        machine.onAcknowledgement(PacketType.PUBREL, 9);

        assertThat(effects.take()).containsExactly("PUBCOMP 9");
    }

    @Test
    void publish_qos2BeyondTheLimit_isViolation() {
        ConnectionMachine machine = Machines.transientSession(effects);
        for (int i = 1; i <= 4; i++) {
            machine.onPublish(message("x", QoS.EXACTLY_ONCE), i, false);
        }

        assertThatExceptionOfType(ProtocolViolationException.class)
                .isThrownBy(() -> machine.onPublish(message("x", QoS.EXACTLY_ONCE), 5, false));
        machine.onPublish(message("x", QoS.EXACTLY_ONCE), 4, true); // a resend is none of them
    }

    @Test
    void publish_qos2Persistent_asksTheStoreEveryTime() {
        ConnectionMachine machine = new Machines.Resumed().inbound(7).connect(effects);
        effects.take();

        machine.onPublish(message("x", QoS.EXACTLY_ONCE), 7, true);
        assertThat(effects.take()).containsExactly("publishQos2 x id=7 ticket=0");
        machine.onPublished(0);
        machine.onAcknowledgement(PacketType.PUBREL, 7);
        assertThat(effects.take()).containsExactly("PUBREC 7", "clearQos2 7");
        machine.onCleared(7);

        assertThat(effects.take()).containsExactly("PUBCOMP 7");
    }
}
