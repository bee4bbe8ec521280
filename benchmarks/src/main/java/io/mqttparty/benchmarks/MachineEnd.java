package io.mqttparty.benchmarks;

import io.mqttparty.internal.codec.PacketEncoder;
import io.mqttparty.internal.packet.ConnackCode;
import io.mqttparty.internal.packet.Connect;
import io.mqttparty.internal.packet.PacketType;
import io.mqttparty.internal.packet.Subscribe;
import io.mqttparty.internal.packet.Unsubscribe;
import io.mqttparty.internal.session.ConnectionMachine;
import io.mqttparty.internal.session.Effects;
import io.mqttparty.internal.session.SessionLimits;
import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import io.mqttparty.model.ProtocolVersion;
import io.mqttparty.model.QoS;
import io.mqttparty.model.ReasonCode;
import io.mqttparty.spi.DropReason;
import io.mqttparty.spi.Fence;
import io.mqttparty.spi.SessionRef;
import io.mqttparty.spi.SessionStore.Attached;
import io.mqttparty.spi.Token;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One connected machine of a transient session. What it sends is encoded at once; what it publishes is delivered to another machine. */
final class MachineEnd implements Effects {
    private static final int OUTPUT_BYTES = 256 * 1024;
    private static final SessionLimits LIMITS =
            new SessionLimits(1024, 10_000, 16L * 1024 * 1024, 65_535, 3_600_000_000_000L);

    final ConnectionMachine machine = new ConnectionMachine(this, LIMITS);
    final ByteBuffer output = ByteBuffer.allocateDirect(OUTPUT_BYTES);
    /** The packet ids of the PUBLISH packets in the output. */
    final int[] packetIds = new int[1024];

    int publishes;
    private MachineEnd subscriber = this;
    private QoS grant = QoS.AT_MOST_ONCE;

    MachineEnd(String clientId) {
        machine.onConnect(new Connect(
                ProtocolVersion.MQTT_3_1_1, clientId, true, 0, Optional.empty(), Optional.empty(), Optional.empty()));
        Token token = new Token("1");
        SessionRef session = new SessionRef(ClientId.of(clientId), token);
        machine.onAccepted(
                new Attached(
                        new Fence(session.client(), token, 1),
                        session,
                        false,
                        65_535,
                        0,
                        List.of(),
                        List.of(),
                        Map.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        Optional.empty()),
                false,
                List.of(),
                0);
    }

    void deliverTo(MachineEnd other, QoS granted) {
        subscriber = other;
        grant = granted;
    }

    /** Begins the next turn. */
    void clear() {
        output.clear();
        publishes = 0;
    }

    @Override
    public void publish(Message message, int ticket) {
        subscriber.machine.onDelivery(message, grant, false);
        machine.onPublished(ticket);
    }

    @Override
    public void sendPublish(Message message, int packetId, QoS qos, boolean dup, boolean retain) {
        packetIds[publishes++] = packetId;
        PacketEncoder.writePublish(output, message, packetId, qos, dup, retain);
    }

    @Override
    public void sendAcknowledgement(PacketType type, int packetId) {
        PacketEncoder.writeAcknowledgement(output, type, packetId);
    }

    @Override
    public boolean isWritable() {
        return true;
    }

    @Override
    public void release(long seq) {
        throw unexpected();
    }

    @Override
    public void complete(long seq) {
        throw unexpected();
    }

    @Override
    public void connect(Connect connect) {
        // Accepted by the constructor.
    }

    @Override
    public void finished(long seq) {
        // Nobody waits for it.
    }

    @Override
    public void waiting(long bytes) {
        // There is no budget.
    }

    @Override
    public void relieved() {
        // Nobody is held.
    }

    @Override
    public void sendConnack(ConnackCode code, boolean sessionPresent) {
        // Before the first turn.
    }

    @Override
    public void sendSuback(int packetId, List<Integer> codes) {
        throw unexpected();
    }

    @Override
    public void sendUnsuback(int packetId) {
        throw unexpected();
    }

    @Override
    public void sendPingresp() {
        throw unexpected();
    }

    @Override
    public long currentTimeMillis() {
        return 0;
    }

    @Override
    public void publishQos2(Message message, int packetId, int ticket) {
        throw unexpected();
    }

    @Override
    public void clearQos2(int packetId) {
        throw unexpected();
    }

    @Override
    public void subscribe(Subscribe subscribe) {
        throw unexpected();
    }

    @Override
    public void unsubscribe(Unsubscribe unsubscribe) {
        throw unexpected();
    }

    @Override
    public void read(long afterSeq, int max) {
        throw unexpected();
    }

    @Override
    public void acknowledge(long seq) {
        throw unexpected();
    }

    @Override
    public void watermark(long sentUpTo, long acknowledgedUpTo) {
        throw unexpected();
    }

    @Override
    public void drop(Message message, DropReason reason) {
        throw unexpected();
    }

    @Override
    public void close(ReasonCode reason) {
        throw unexpected();
    }

    private static IllegalStateException unexpected() {
        return new IllegalStateException("an effect that this traffic does not have");
    }
}
