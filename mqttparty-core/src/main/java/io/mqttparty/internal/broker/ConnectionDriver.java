package io.mqttparty.internal.broker;

import io.mqttparty.internal.codec.FrameDecoder;
import io.mqttparty.internal.session.ConnectionMachine;
import io.mqttparty.model.MalformedPacketException;
import io.mqttparty.model.Message;
import io.mqttparty.model.PeerException;
import io.mqttparty.model.QoS;
import io.mqttparty.model.ReasonCode;
import io.mqttparty.spi.Counter;
import io.mqttparty.spi.Queued;
import io.mqttparty.spi.SessionRef;
import io.mqttparty.spi.transport.ConnectionHandler;
import io.mqttparty.spi.transport.TransportChannel;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connection: gives its machine the packets that come, performs its effects, and lets its output leave once per turn. Everything happens
 * on its loop.
 */
final class ConnectionDriver extends ConnectionEffects implements ConnectionHandler, LocalSubscriber {
    /** How long what a client sent before it went may take. */
    private static final long FINISH_NANOS = 5_000_000_000L;

    private final String listener;
    private final ConnectionMachine machine;
    private @Nullable InputTail tail;
    private int maxPacketBytes;
    private int tailCharged;
    private long lastInput;
    private boolean processing;
    private boolean inputEnded;

    ConnectionDriver(BrokerRuntime broker, LoopContext loop, TransportChannel channel, String listener) {
        super(broker, loop, channel);
        this.listener = listener;
        this.machine = new ConnectionMachine(this, broker.sessionLimits());
        this.maxPacketBytes = broker.limits().connectPacketBytes();
        this.lastInput = loop.eventLoop().nanoTime();
        loop.unaccepted().add(this);
        loop.deadlines().set(this, broker.limits().connectTimeout().toNanos());
    }

    @Override
    ConnectionDriver self() {
        return this;
    }

    // ---- bytes in ----

    @Override
    public void onBytes(ByteBuffer bytes) {
        loop().counters().add(Counter.READS);
        loop().counters().add(Counter.BYTES_RECEIVED, bytes.remaining());
        InputTail t = tail;
        if (isClosed()) {
            return;
        }
        if (pressure().isHeld()) {
            tail().append(bytes);
            settleTail();
            return;
        }
        loop().inputAt(broker().freshness().now());
        processing = true;
        try {
            if (t == null || t.isEmpty() || completeTail(t, bytes)) {
                decode(bytes);
            }
        } catch (PeerException e) {
            onPeerError(e);
        } catch (RuntimeException e) {
            onInternalError(e);
        } finally {
            processing = false;
        }
        if (!isClosed()) {
            if (bytes.hasRemaining()) {
                tail().append(bytes);
            }
            settleTail();
            pressure().apply(channel());
        }
    }

    private boolean completeTail(InputTail t, ByteBuffer bytes) {
        if (!t.complete(bytes, maxPacketBytes)) {
            return false;
        }
        decode(t.bytes());
        return t.isEmpty();
    }

    private void decode(ByteBuffer bytes) {
        int start = bytes.position();
        while (!isClosed() && !pressure().isHeld()) {
            int length = FrameDecoder.frameLength(bytes, maxPacketBytes);
            if (length <= 0) {
                break;
            }
            loop().decoder().decode(bytes, length, machine);
        }
        if (bytes.position() != start && sessionIfAny() != null) { // a packet, not a byte [MQTT-3.1.2-24]
            lastInput = loop().eventLoop().nanoTime(); // before CONNACK, the time limit is for CONNECT as a whole
        }
    }

    /**
     * Charges what is kept to the budget, and lets go of memory that is not needed. While the connection waits for the budget itself, what it
     * keeps is not charged: publishers that wait must not be what they wait for.
     */
    private void settleTail() {
        if (tail != null && tail.size() == 0) {
            tail = null;
        }
        int size = tail == null || pressure().isHeldForBudget() ? 0 : tail.size();
        loop().budget().add(size - tailCharged);
        tailCharged = size;
    }

    private InputTail tail() {
        InputTail t = tail;
        if (t == null) {
            t = new InputTail();
            tail = t;
        }
        return t;
    }

    /** The last reason to hold the connection is gone. */
    void onReleased() {
        if (processing || isClosed()) {
            return; // the loop in decode goes on by itself
        }
        lastInput = loop().eventLoop().nanoTime(); // what the client sent meanwhile is about to be read
        InputTail t = tail;
        if (t != null) {
            loop().inputAt(broker().freshness().now());
            processing = true;
            try {
                decode(t.bytes());
            } catch (PeerException e) {
                onPeerError(e);
            } catch (RuntimeException e) {
                onInternalError(e);
            } finally {
                processing = false;
            }
        }
        if (!isClosed()) {
            settleTail();
            pressure().apply(channel());
        }
        if (inputEnded && !pressure().isHeld()) {
            endOfInput();
        }
    }

    private void onPeerError(PeerException error) {
        loop().counters()
                .add(
                        error instanceof MalformedPacketException
                                ? Counter.MALFORMED_PACKETS
                                : Counter.PROTOCOL_VIOLATIONS);
        broker().log().peerError(this, error);
        machine.onPeerError(error);
    }

    // ---- deliveries ----

    @Override
    public void deliver(Message message, QoS grant) {
        if (isClosed()) {
            return;
        }
        try {
            machine.onDelivery(message, message.qos().min(grant), false); // [MQTT-3.3.1-9] [MQTT-3.8.4-6]
            pressure().congested(machine.isCongested());
        } catch (RuntimeException e) {
            onInternalError(e); // the publisher and the other subscribers go on
        }
    }

    /** A retained message because of a new subscription [MQTT-3.3.1-8]. */
    void deliverRetained(Message message, QoS grant) {
        if (!isClosed()) {
            machine.onDelivery(message, message.qos().min(grant), true);
        }
    }

    /** A record was appended to the queue of this session. */
    void onPushed(SessionRef ref, long seq, @Nullable Message message) {
        LiveSession s = sessionIfAny();
        ConnectFlow connecting = connecting();
        if (s == null && connecting != null) {
            connecting.onPushed(ref, seq);
        }
        if (isClosed() || s == null || !s.ref.equals(ref)) {
            return;
        }
        try {
            machine.onPushed(seq, message);
            pressure().congested(machine.isCongested());
        } catch (RuntimeException e) {
            onInternalError(e);
        }
    }

    @Override
    public boolean isCongested() {
        return pressure().isCongested();
    }

    @Override
    public void holdBack(ConnectionDriver publisher) {
        pressure().holdBack(publisher);
    }

    @Override
    public void onWritable() {
        onUnstalled();
        markDirty();
    }

    @Override
    void onRoom() {
        machine.onWritable();
        LiveSession s = sessionIfAny();
        if (s != null) {
            s.onProgress();
        }
    }

    @Override
    void onMembershipLost() {
        session().member.onFenced();
        end(ReasonCode.SERVER_UNAVAILABLE);
    }

    /** A fault of the broker itself: it costs this connection, and no other. */
    @Override
    void onInternalError(Throwable error) {
        broker().log().internalError(this, error);
        end(ReasonCode.UNSPECIFIED_ERROR);
    }

    // ---- session ----

    @Override
    void accept(LiveSession accepted) {
        super.accept(accepted);
        maxPacketBytes = broker().limits().packetBytes();
        lastInput = loop().eventLoop().nanoTime();
        loop().unaccepted().remove(this);
        broker().accepting().accepted(this);
        loop().deadlines().set(this, 0);
    }

    @Override
    ConnectionMachine machine() {
        return machine;
    }

    String listener() {
        return listener;
    }

    void onRead(List<Queued> records, long readUpTo) {
        if (!isClosed()) {
            machine.onRead(records, readUpTo);
            markDirty(); // whatever waits for the end of the queue
        }
    }

    // ---- time and end ----

    @Override
    long onDeadline(long nowNanos) {
        if (pressure().isHeldByOthers()) {
            lastInput = nowNanos; // what the client sent lies in the socket, because nobody reads it
        }
        ConnectFlow connecting = connecting();
        long left = connecting != null
                ? connecting.onTick(nowNanos)
                : machine.onTick(
                        nowNanos, lastInput, broker().limits().connectTimeout().toNanos());
        long stallLeft = stallTimeLeft(nowNanos);
        if (stallLeft == 0 && !isClosed()) {
            loop().counters().add(Counter.WRITE_TIMEOUTS);
            end(ReasonCode.QUOTA_EXCEEDED);
            return Long.MAX_VALUE;
        }
        return Math.min(left, stallLeft);
    }

    /** The bytes that wait in memory for this connection. */
    long backlogBytes() {
        return isClosed() ? 0 : outputBytes() + machine.waitingBytes() + tailCharged;
    }

    /** The byte budget of the broker is used up, and most of it is this connection's. */
    void shed() {
        if (!isClosed()) {
            loop().counters().add(Counter.BACKLOGS_SHED);
            end(ReasonCode.QUOTA_EXCEEDED);
        }
    }

    /** Ends the connection for a reason that lies outside of it. */
    void end(ReasonCode reason) {
        machine.onEnd(reason);
    }

    @Override
    public void close(ReasonCode reason) {
        if (isClosed()) {
            return;
        }
        closeOutput();
        loop().budget().add(-machine.waitingBytes());
        tail = null;
        settleTail();
        loop().deadlines().remove(this);
        loop().unaccepted().remove(this);
        pressure().onClosed();
        channel().close();
        broker().accepting().closed(this, reason);
    }

    @Override
    public void onClosed() {
        if (!isClosed() && sessionIfAny() != null && pressure().isHeldByOthers()) {
            inputEnded = true; // what came before the end is worked off first: it may be DISCONNECT
            var unused = loop().eventLoop().schedule(FINISH_NANOS, this::endOfInput);
        } else {
            endOfInput();
        }
    }

    private void endOfInput() {
        machine.onEnd(ReasonCode.UNSPECIFIED_ERROR);
        close(ReasonCode.UNSPECIFIED_ERROR);
    }
}
