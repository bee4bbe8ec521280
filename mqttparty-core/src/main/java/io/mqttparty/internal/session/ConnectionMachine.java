package io.mqttparty.internal.session;

import io.mqttparty.internal.packet.ConnackCode;
import io.mqttparty.internal.packet.Connect;
import io.mqttparty.internal.packet.PacketSink;
import io.mqttparty.internal.packet.PacketType;
import io.mqttparty.internal.packet.Subscribe;
import io.mqttparty.internal.packet.Unsubscribe;
import io.mqttparty.model.Message;
import io.mqttparty.model.PeerException;
import io.mqttparty.model.ProtocolViolationException;
import io.mqttparty.model.QoS;
import io.mqttparty.model.ReasonCode;
import io.mqttparty.spi.Queued;
import io.mqttparty.spi.SessionStore.Attached;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connection from its first byte to its last.
 *
 * <pre>
 * state             input             next              effect
 * AWAITING_CONNECT  CONNECT           CONNECTING        connect                              [MQTT-3.1.0-1]
 * AWAITING_CONNECT  unknown version   CLOSED            CONNACK 1, close                     [MQTT-3.1.2-2]
 * AWAITING_CONNECT  time-out          CLOSED            close
 * CONNECTING        accepted          CONNECTED         CONNACK 0, resume                    [MQTT-3.1.4-4]
 * CONNECTING        refused           CLOSED            CONNACK 1-5, close                   [MQTT-3.2.2-5]
 * CONNECTED         CONNECT           CLOSED            close                                [MQTT-3.1.0-2]
 * CONNECTED         PUBLISH, PUBREL   CONNECTED         see {@link Inbound}
 * CONNECTED         PUBACK, PUBREC,   CONNECTED         see {@link Outbound}
 *                   PUBCOMP
 * CONNECTED         SUBSCRIBE         CONNECTED         subscribe, then SUBACK               [MQTT-3.8.4-1]
 * CONNECTED         UNSUBSCRIBE       CONNECTED         unsubscribe, then UNSUBACK           [MQTT-3.10.4-4]
 * CONNECTED         PINGREQ           CONNECTED         PINGRESP                             [MQTT-3.12.4-1]
 * CONNECTED         DISCONNECT        CLOSED            close without will                   [MQTT-3.14.4-3]
 * CONNECTED         silence           CLOSED            close                                [MQTT-3.1.2-24]
 * any               anything else     CLOSED            close                                [MQTT-4.8.0-1]
 * CLOSED            anything          CLOSED            -
 * </pre>
 *
 * While it is CONNECTING, and between SUBSCRIBE and SUBACK, its driver gives it no packet.
 */
public final class ConnectionMachine implements PacketSink {
    private enum State {
        AWAITING_CONNECT,
        CONNECTING,
        CONNECTED,
        CLOSED
    }

    private final Effects effects;
    private final SessionLimits limits;
    private State state = State.AWAITING_CONNECT;
    private long keepAliveNanos;
    private boolean persistent;
    private @Nullable Inbound inbound;
    private @Nullable Outbound outbound;

    /** A connection of which nothing is known yet. */
    public ConnectionMachine(Effects effects, SessionLimits limits) {
        this.effects = effects;
        this.limits = limits;
    }

    // ---- packets ----

    @Override
    public void onConnect(Connect connect) {
        if (state != State.AWAITING_CONNECT) { // [MQTT-3.1.0-2]
            throw new ProtocolViolationException("MQTT-3.1.0-2", "second CONNECT");
        }
        state = State.CONNECTING;
        keepAliveNanos = keepAliveNanos(connect.keepAliveSeconds());
        effects.connect(connect);
    }

    /** One and a half times what the client asks for, which is at most the limit. */
    private long keepAliveNanos(int seconds) {
        long longest = limits.keepAliveNanos();
        long granted = seconds == 0 ? longest : Math.min(longest, seconds * 1_000_000_000L);
        return granted + granted / 2;
    }

    @Override
    public void onPublish(Message message, int packetId, boolean dup) {
        requireConnected();
        inbound().onPublish(message, packetId, dup);
    }

    @Override
    public void onAcknowledgement(PacketType type, int packetId) {
        requireConnected();
        if (type == PacketType.PUBREL) {
            inbound().onPubrel(packetId);
        } else {
            outbound().onAcknowledgement(type, packetId);
        }
    }

    @Override
    public void onSubscribe(Subscribe subscribe) {
        requireConnected();
        effects.subscribe(subscribe);
    }

    @Override
    public void onUnsubscribe(Unsubscribe unsubscribe) {
        requireConnected();
        effects.unsubscribe(unsubscribe);
    }

    @Override
    public void onPingreq() {
        requireConnected();
        effects.sendPingresp(); // [MQTT-3.12.4-1]
    }

    @Override
    public void onDisconnect() {
        requireConnected();
        close(ReasonCode.SUCCESS); // [MQTT-3.14.4-3]
    }

    private void requireConnected() {
        if (state != State.CONNECTED) { // [MQTT-3.1.0-1]
            throw new ProtocolViolationException("MQTT-3.1.0-1", "the first packet is not CONNECT");
        }
    }

    /** The peer broke the protocol. */
    public void onPeerError(PeerException error) {
        if (state == State.AWAITING_CONNECT && error.reasonCode() == ReasonCode.UNSUPPORTED_PROTOCOL_VERSION) {
            effects.sendConnack(ConnackCode.UNACCEPTABLE_PROTOCOL_VERSION, false); // [MQTT-3.1.2-2]
        }
        close(error.reasonCode()); // [MQTT-4.8.0-1]
    }

    // ---- answers ----

    /**
     * The connection may go on with this session.
     *
     * @param attached the session; of a transient one only the fact counts
     * @param persistentSession whether it outlives the connection
     * @param records what of its queue is to be delivered
     * @param readUpTo the last record that was read for it
     */
    public void onAccepted(Attached attached, boolean persistentSession, List<Queued> records, long readUpTo) {
        if (state != State.CONNECTING) {
            return;
        }
        state = State.CONNECTED;
        persistent = persistentSession;
        effects.sendConnack(ConnackCode.ACCEPTED, attached.present()); // [MQTT-3.1.4-4] [MQTT-3.2.2-2]
        if (!persistentSession) {
            return;
        }
        if (!attached.inbound().isEmpty()) {
            inbound().restore(attached.inbound().keySet());
        }
        PersistentOutbound resumed = new PersistentOutbound(effects, limits, attached);
        outbound = resumed;
        resumed.resume(attached.released(), records, readUpTo);
    }

    /** The connection is refused. */
    public void onRefused(ReasonCode reason) {
        if (state == State.CONNECTING) {
            effects.sendConnack(ConnackCode.of(reason), false); // [MQTT-3.2.2-4]
            close(reason); // [MQTT-3.2.2-5]
        }
    }

    /** The message with this ticket is safe. */
    public void onPublished(int ticket) {
        if (state == State.CONNECTED && ticket != Effects.NO_TICKET) {
            inbound().onPublished(ticket);
        }
    }

    /** The store has forgotten this inbound packet id. */
    public void onCleared(int packetId) {
        if (state == State.CONNECTED) {
            inbound().onCleared(packetId);
        }
    }

    /** SUBSCRIBE is done, with a code for each filter. */
    public void onSubscribed(int packetId, List<Integer> codes) {
        if (state == State.CONNECTED) {
            effects.sendSuback(packetId, codes); // [MQTT-3.8.4-2] [MQTT-3.8.4-5]
        }
    }

    /** UNSUBSCRIBE is done. */
    public void onUnsubscribed(int packetId) {
        if (state == State.CONNECTED) {
            effects.sendUnsuback(packetId); // [MQTT-3.10.4-4]
        }
    }

    /** A message for this client that no store keeps; {@code retain} tells that it comes from the retained store. */
    public void onDelivery(Message message, QoS qos, boolean retain) {
        if (state == State.CONNECTED) {
            outbound().deliver(message, qos, retain);
        }
    }

    /** A record was appended to the queue of the persistent session; number 0 says that there may be one. */
    public void onPushed(long seq, @Nullable Message message) {
        if (state == State.CONNECTED && outbound instanceof PersistentOutbound queue) {
            queue.onPushed(seq, message);
        }
    }

    /** A read of the queue is back. */
    public void onRead(List<Queued> records, long readUpTo) {
        if (state == State.CONNECTED && outbound instanceof PersistentOutbound queue) {
            queue.onRead(records, readUpTo);
        }
    }

    /** The store has noted PUBREC. */
    public void onReleased(long seq) {
        if (state == State.CONNECTED) {
            outbound().onReleased(seq);
        }
    }

    /** The store has noted PUBCOMP. */
    public void onCompleted(long seq) {
        if (state == State.CONNECTED) {
            outbound().onCompleted(seq);
        }
    }

    /** {@link Effects#isWritable()} has turned true. */
    public void onWritable() {
        if (state == State.CONNECTED && outbound != null) {
            outbound.drain();
        }
    }

    // ---- time and end ----

    /**
     * Checks the time limits.
     *
     * @param now the time
     * @param lastInput when the last packet came, or the connection was opened
     * @param connectTimeoutNanos how long CONNECT may take
     * @return nanoseconds until the next check is due; {@link Long#MAX_VALUE} if none is
     */
    public long onTick(long now, long lastInput, long connectTimeoutNanos) {
        long limit = switch (state) {
            case AWAITING_CONNECT -> connectTimeoutNanos;
            case CONNECTED -> keepAliveNanos;
            case CONNECTING, CLOSED -> 0;
        };
        if (limit == 0) {
            return Long.MAX_VALUE;
        }
        long left = lastInput + limit - now;
        if (left > 0) {
            return left;
        }
        close(ReasonCode.KEEP_ALIVE_TIMEOUT); // [MQTT-3.1.2-24]
        return Long.MAX_VALUE;
    }

    /** The connection ends for a reason from outside: the socket is gone, the session was taken over, somebody asked for it. */
    public void onEnd(ReasonCode reason) {
        close(reason);
    }

    private void close(ReasonCode reason) {
        if (state != State.CLOSED) {
            state = State.CLOSED;
            effects.close(reason);
        }
    }

    // ---- what others may ask ----

    /** Whether CONNACK 0 was sent and the connection lives. */
    public boolean isConnected() {
        return state == State.CONNECTED;
    }

    /** Whether it takes no further input. */
    public boolean isClosed() {
        return state == State.CLOSED;
    }

    /** Whether publishers to this client should be held. */
    public boolean isCongested() {
        return outbound != null && outbound.isCongested();
    }

    /** The bytes of messages that wait in memory for this connection. */
    public long waitingBytes() {
        return outbound == null ? 0 : outbound.waitingBytes();
    }

    /** Whether records of the persistent session's queue wait for the client. */
    public boolean hasBacklog() {
        return outbound instanceof PersistentOutbound queue && queue.waiting() > 0;
    }

    /** Whether this record of the persistent session's queue was worked off: acknowledged, or never to be sent. */
    public boolean isFinished(long seq) {
        return outbound instanceof PersistentOutbound queue && queue.isFinished(seq);
    }

    /** The highest number that was sent to the client from its queue; 0 in a transient session. */
    public long sentUpTo() {
        return outbound instanceof PersistentOutbound queue ? queue.sentUpTo() : 0;
    }

    private Inbound inbound() {
        Inbound in = inbound;
        if (in == null) {
            in = new Inbound(effects, persistent, limits.inboundQos2());
            inbound = in;
        }
        return in;
    }

    private Outbound outbound() {
        Outbound out = outbound;
        if (out == null) {
            out = new TransientOutbound(effects, limits);
            outbound = out;
        }
        return out;
    }
}
