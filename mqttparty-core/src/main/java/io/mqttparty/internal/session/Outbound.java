package io.mqttparty.internal.session;

import static io.mqttparty.internal.session.OutboundWindow.COMPLETING;
import static io.mqttparty.internal.session.OutboundWindow.PUBLISHED_1;
import static io.mqttparty.internal.session.OutboundWindow.PUBLISHED_2;
import static io.mqttparty.internal.session.OutboundWindow.RELEASED;
import static io.mqttparty.internal.session.OutboundWindow.RELEASING;

import io.mqttparty.internal.packet.PacketType;
import io.mqttparty.model.Message;
import io.mqttparty.model.ProtocolViolationException;
import io.mqttparty.model.QoS;
import io.mqttparty.spi.SessionStore;
import org.jspecify.annotations.Nullable;

/**
 * The deliveries to one client (sections 4.3 and 4.6).
 *
 * <pre>
 * slot        input    next        effect
 * -           send     PUBLISHED_n PUBLISH
 * PUBLISHED_1 PUBACK   -           the record is done                     [MQTT-4.3.2-1]
 * PUBLISHED_2 PUBREC   RELEASING   the store notes it, then PUBREL        [MQTT-4.3.3-1]
 * RELEASING   noted    RELEASED    PUBREL
 * RELEASED    PUBREC   RELEASED    PUBREL once more
 * RELEASED    PUBCOMP  COMPLETING  the store notes it
 * COMPLETING  noted    -           the record is done
 * none        PUBREC   none        PUBREL: it may belong to an earlier connection
 * none        others   none        nothing, for the same reason
 * any         other    -           the peer breaks the protocol           [MQTT-4.8.0-1]
 * </pre>
 *
 * In a session that never had a delivery at QoS 1 or 2, every acknowledgement breaks the protocol. See docs/adr/0007.
 */
abstract sealed class Outbound permits TransientOutbound, PersistentOutbound {
    final Effects effects;
    private final int receiveMaximum;
    private @Nullable OutboundWindow window;

    Outbound(Effects effects, int receiveMaximum) {
        this.effects = effects;
        this.receiveMaximum = receiveMaximum;
    }

    /** A message for this client that no store keeps. */
    abstract void deliver(Message message, QoS qos, boolean retain);

    /** Starts what can be started: the peer takes more, or something was finished. */
    abstract void drain();

    /** Whether publishers to this client should be held. */
    abstract boolean isCongested();

    /** The bytes of messages that wait in memory. */
    abstract long waitingBytes();

    /** Whether any delivery at QoS 1 or 2 was ever started in this session. */
    abstract boolean wasUsed();

    /** PUBREC came: have it noted, then {@link #onReleased}. */
    abstract void release(long seq);

    /** PUBCOMP came: have it noted, then {@link #onCompleted}. */
    abstract void complete(long seq);

    /** The delivery is finished. */
    abstract void onFinished(long seq, boolean acknowledged);

    private void finished(long seq, boolean acknowledged) {
        effects.finished(seq);
        onFinished(seq, acknowledged);
    }

    /** The window, made when it is first needed. */
    final OutboundWindow window(long first) {
        OutboundWindow w = window;
        if (w == null) {
            w = new OutboundWindow(receiveMaximum, first);
            window = w;
        }
        return w;
    }

    final @Nullable OutboundWindow windowIfAny() {
        return window;
    }

    final void send(OutboundWindow w, long seq, Message message, QoS qos, boolean dup, boolean retain) {
        w.open(seq, qos == QoS.AT_LEAST_ONCE ? PUBLISHED_1 : PUBLISHED_2);
        effects.sendPublish(message, SessionStore.packetId(seq), qos, dup, retain);
    }

    final void onAcknowledgement(PacketType type, int packetId) {
        OutboundWindow w = window;
        long seq = w == null ? -1 : w.find(packetId);
        if (w == null || seq < 0) {
            onUnknown(type, packetId);
            return;
        }
        switch (type) {
            case PUBACK -> onPuback(w, seq);
            case PUBREC -> onPubrec(w, seq, packetId);
            default -> onPubcomp(w, seq);
        }
    }

    private void onUnknown(PacketType type, int packetId) {
        if (!wasUsed()) {
            throw new ProtocolViolationException("MQTT-4.8.0-1", "acknowledgement of nothing");
        }
        if (type == PacketType.PUBREC) {
            effects.sendAcknowledgement(PacketType.PUBREL, packetId);
        }
    }

    private void onPuback(OutboundWindow w, long seq) {
        if (w.state(seq) != PUBLISHED_1) {
            throw new ProtocolViolationException("MQTT-4.3.3-1", "PUBACK of a QoS 2 delivery");
        }
        w.free(seq); // [MQTT-4.3.2-1]
        finished(seq, true);
    }

    private void onPubrec(OutboundWindow w, long seq, int packetId) {
        switch (w.state(seq)) {
            case PUBLISHED_2 -> {
                w.state(seq, RELEASING);
                release(seq);
            }
            case RELEASED -> effects.sendAcknowledgement(PacketType.PUBREL, packetId);
            case RELEASING, COMPLETING -> {}
            default -> throw new ProtocolViolationException("MQTT-4.3.2-1", "PUBREC of a QoS 1 delivery");
        }
    }

    private void onPubcomp(OutboundWindow w, long seq) {
        switch (w.state(seq)) {
            case RELEASED -> {
                w.state(seq, COMPLETING);
                complete(seq);
            }
            case COMPLETING -> {}
            default -> throw new ProtocolViolationException("MQTT-4.3.3-1", "PUBCOMP before PUBREL");
        }
    }

    /** It is noted that the peer has the message: PUBREL, in the order of the PUBRECs [MQTT-4.6.0-4]. */
    final void onReleased(long seq) {
        OutboundWindow w = window(seq);
        w.state(seq, RELEASED);
        effects.sendAcknowledgement(PacketType.PUBREL, SessionStore.packetId(seq)); // [MQTT-4.3.3-1]
    }

    /** It is noted that the exchange is over. */
    final void onCompleted(long seq) {
        window(seq).free(seq);
        finished(seq, false);
    }
}
