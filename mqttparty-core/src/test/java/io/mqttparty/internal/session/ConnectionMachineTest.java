package io.mqttparty.internal.session;

import static io.mqttparty.internal.session.Machines.LIMITS;
import static io.mqttparty.internal.session.Machines.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mqttparty.internal.packet.PacketType;
import io.mqttparty.internal.packet.Subscribe;
import io.mqttparty.internal.packet.Unsubscribe;
import io.mqttparty.model.MalformedPacketException;
import io.mqttparty.model.ProtocolViolationException;
import io.mqttparty.model.QoS;
import io.mqttparty.model.ReasonCode;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicFilter;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionMachineTest {
    private static final long SECOND = 1_000_000_000L;

    private final RecordingEffects effects = new RecordingEffects();

    static List<Consumer<ConnectionMachine>> everythingButConnect() {
        return List.of(
                m -> m.onPublish(message("x", QoS.AT_MOST_ONCE), 0, false),
                m -> m.onAcknowledgement(PacketType.PUBACK, 1),
                m -> m.onAcknowledgement(PacketType.PUBREC, 1),
                m -> m.onAcknowledgement(PacketType.PUBREL, 1),
                m -> m.onAcknowledgement(PacketType.PUBCOMP, 1),
                m -> m.onSubscribe(new Subscribe(1, List.of(Subscription.of("a", QoS.AT_MOST_ONCE)))),
                m -> m.onUnsubscribe(new Unsubscribe(1, List.of(TopicFilter.of("a")))),
                ConnectionMachine::onPingreq,
                ConnectionMachine::onDisconnect);
    }

    @ParameterizedTest
    @MethodSource("everythingButConnect")
    @Tag("MQTT-3.1.0-1")
    void packet_beforeConnect_isViolationWithoutEffect(Consumer<ConnectionMachine> packet) {
        ConnectionMachine machine = new ConnectionMachine(effects, LIMITS);

        assertThatExceptionOfType(ProtocolViolationException.class)
                .isThrownBy(() -> packet.accept(machine))
                .withMessageContaining("MQTT-3.1.0-1");
        assertThat(effects.take()).isEmpty();
    }

    @Test
    @Tag("MQTT-3.1.0-2")
    void connect_second_isViolation() {
        ConnectionMachine machine = Machines.transientSession(effects);

        assertThatExceptionOfType(ProtocolViolationException.class)
                .isThrownBy(() -> machine.onConnect(Machines.connect(true, 0)));
        assertThat(machine.isConnected()).isTrue();
    }

    @Test
    @Tag("MQTT-3.1.4-4")
    void connect_accepted_sendsConnackFirst() {
        ConnectionMachine machine = new ConnectionMachine(effects, LIMITS);
        machine.onConnect(Machines.connect(true, 10));
        assertThat(effects.take()).containsExactly("connect c");

        machine.onAccepted(new Machines.Resumed().attached(), false, List.of(), 0);

        assertThat(effects.take()).containsExactly("CONNACK ACCEPTED");
    }

    @Test
    @Tag("MQTT-3.2.2-4")
    @Tag("MQTT-3.2.2-5")
    void connect_refused_sendsCodeAndCloses() {
        ConnectionMachine machine = new ConnectionMachine(effects, LIMITS);
        machine.onConnect(Machines.connect(true, 10));
        effects.take();

        machine.onRefused(ReasonCode.BAD_USER_NAME_OR_PASSWORD);

        assertThat(effects.take())
                .containsExactly("CONNACK BAD_USER_NAME_OR_PASSWORD", "close BAD_USER_NAME_OR_PASSWORD");
    }

    @Test
    @Tag("MQTT-3.1.2-2")
    void malformed_unknownVersion_sendsCode1AndCloses() {
        ConnectionMachine machine = new ConnectionMachine(effects, LIMITS);

        machine.onPeerError(
                new MalformedPacketException("MQTT-3.1.2-2", "level", ReasonCode.UNSUPPORTED_PROTOCOL_VERSION));

        assertThat(effects.take())
                .containsExactly("CONNACK UNACCEPTABLE_PROTOCOL_VERSION", "close UNSUPPORTED_PROTOCOL_VERSION");
    }

    @Test
    @Tag("MQTT-3.1.4-1")
    void malformed_beforeConnect_closesWithoutConnack() {
        ConnectionMachine machine = new ConnectionMachine(effects, LIMITS);

        machine.onPeerError(new MalformedPacketException("2.2.3", "remaining length"));

        assertThat(effects.take()).containsExactly("close MALFORMED_PACKET");
    }

    @Test
    void answers_afterClose_haveNoEffect() {
        ConnectionMachine machine = Machines.transientSession(effects);
        machine.onPublish(message("x", QoS.AT_LEAST_ONCE), 1, false);
        machine.onDisconnect();
        effects.take();

        machine.onPublished(0);
        machine.onSubscribed(1, List.of(0));
        machine.onUnsubscribed(1);
        machine.onCleared(1);
        machine.onDelivery(message("y", QoS.AT_MOST_ONCE), QoS.AT_MOST_ONCE, false);
        machine.onEnd(ReasonCode.UNSPECIFIED_ERROR);

        assertThat(effects.take()).isEmpty();
    }

    @Test
    @Tag("MQTT-3.14.4-3")
    void disconnect_closesWithSuccess() {
        ConnectionMachine machine = Machines.transientSession(effects);

        machine.onDisconnect();

        assertThat(effects.take()).containsExactly("close SUCCESS");
    }

    @Test
    @Tag("MQTT-3.12.4-1")
    void pingreq_isAnswered() {
        ConnectionMachine machine = Machines.transientSession(effects);

        machine.onPingreq();

        assertThat(effects.take()).containsExactly("PINGRESP");
    }

    @Test
    @Tag("MQTT-3.1.2-24")
    void tick_silentForOneAndAHalfKeepAlive_closes() {
        ConnectionMachine machine = Machines.transientSession(effects);

        assertThat(machine.onTick(15 * SECOND - 1, 0, 10 * SECOND)).isEqualTo(1);
        assertThat(effects.take()).isEmpty();
        machine.onTick(15 * SECOND, 0, 10 * SECOND);

        assertThat(effects.take()).containsExactly("close KEEP_ALIVE_TIMEOUT");
    }

    /** The limit of the tests is 100 seconds. */
    @ParameterizedTest
    @ValueSource(ints = {0, 101, 65_535})
    void tick_keepAliveOfNoneOrBeyondTheLimit_closesAfterTheLimit(int keepAliveSeconds) {
        ConnectionMachine machine = new ConnectionMachine(effects, LIMITS);
        machine.onConnect(Machines.connect(true, keepAliveSeconds));
        machine.onAccepted(new Machines.Resumed().attached(), false, List.of(), Machines.FIRST - 1);
        effects.take();

        assertThat(machine.onTick(150 * SECOND - 1, 0, 10 * SECOND)).isEqualTo(1);
        machine.onTick(150 * SECOND, 0, 10 * SECOND);

        assertThat(effects.take()).containsExactly("close KEEP_ALIVE_TIMEOUT");
    }

    @Test
    void tick_noConnectInTime_closes() {
        ConnectionMachine machine = new ConnectionMachine(effects, LIMITS);

        assertThat(machine.onTick(4 * SECOND, 0, 10 * SECOND)).isEqualTo(6 * SECOND);
        machine.onTick(10 * SECOND, 0, 10 * SECOND);

        assertThat(effects.take()).containsExactly("close KEEP_ALIVE_TIMEOUT");
    }
}
