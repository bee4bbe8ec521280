package io.mqttparty.internal.broker;

import io.mqttparty.internal.codec.FrameDecoder;
import io.mqttparty.internal.codec.PacketEncoder;
import io.mqttparty.internal.packet.Connack;
import io.mqttparty.internal.packet.ConnackCode;
import io.mqttparty.internal.packet.Connect;
import io.mqttparty.internal.packet.Packet;
import io.mqttparty.internal.packet.PacketType;
import io.mqttparty.internal.packet.Pingresp;
import io.mqttparty.internal.packet.Suback;
import io.mqttparty.internal.packet.Subscribe;
import io.mqttparty.internal.packet.Unsuback;
import io.mqttparty.internal.packet.Unsubscribe;
import io.mqttparty.internal.session.ConnectionMachine;
import io.mqttparty.internal.session.Effects;
import io.mqttparty.model.MalformedPacketException;
import io.mqttparty.model.Message;
import io.mqttparty.model.PeerException;
import io.mqttparty.model.QoS;
import io.mqttparty.model.ReasonCode;
import io.mqttparty.spi.Counter;
import io.mqttparty.spi.DropReason;
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
final class ConnectionDriver extends Deadlines.Entry
        implements ConnectionHandler, Effects, LocalSubscriber, PublishListener {
    private static final int BATCH_BYTES = 64 * 1024;
    /** Above this many bytes in the output queue, deliveries at QoS 1 and 2 stay where they are. */
    private static final long OUTPUT_HIGH = 256 * 1024;

    private static final Pingresp PINGRESP = new Pingresp();

    private final BrokerRuntime broker;
    private final LoopContext loop;
    private final TransportChannel channel;
    private final String listener;
    private final ConnectionMachine machine;
    private final Pressure pressure = new Pressure(this);
    private @Nullable InputTail tail;
    private @Nullable OutputQueue output;
    private @Nullable LiveSession session;
    private int maxPacketBytes;
    private int tailCharged;
    private long lastInput;
    private boolean dirty;
    private boolean processing;
    private boolean wantsWritable;
    private boolean closed;

    ConnectionDriver(BrokerRuntime broker, LoopContext loop, TransportChannel channel, String listener) {
        this.broker = broker;
        this.loop = loop;
        this.channel = channel;
        this.listener = listener;
        this.machine = new ConnectionMachine(this, broker.sessionLimits());
        this.maxPacketBytes = broker.limits().connectPacketBytes();
        this.lastInput = loop.eventLoop().nanoTime();
        loop.unaccepted().add(this);
        loop.deadlines().set(this, broker.limits().connectTimeout().toNanos());
    }

    // ---- bytes in ----

    @Override
    public void onBytes(ByteBuffer bytes) {
        lastInput = loop.eventLoop().nanoTime();
        loop.counters().add(Counter.READS);
        loop.counters().add(Counter.BYTES_RECEIVED, bytes.remaining());
        InputTail t = tail;
        if (closed) {
            return;
        }
        if (pressure.isHeld()) {
            tail().append(bytes);
            settleTail();
            return;
        }
        processing = true;
        try {
            if (t == null || t.isEmpty() || completeTail(t, bytes)) {
                decode(bytes);
            }
        } catch (PeerException e) {
            onPeerError(e);
        } finally {
            processing = false;
        }
        if (!closed) {
            if (bytes.hasRemaining()) {
                tail().append(bytes);
            }
            settleTail();
            pressure.apply(channel);
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
        while (!closed && !pressure.isHeld()) {
            int length = FrameDecoder.frameLength(bytes, maxPacketBytes);
            if (length <= 0) {
                return;
            }
            loop.decoder().decode(bytes, length, machine);
        }
    }

    /** Charges what is kept to the budget, and lets go of memory that is not needed. */
    private void settleTail() {
        int size = tail == null ? 0 : tail.size();
        loop.budget().add(size - tailCharged);
        tailCharged = size;
        if (size == 0) {
            tail = null;
        }
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
        if (processing || closed) {
            return; // the loop in decode goes on by itself
        }
        InputTail t = tail;
        if (t != null) {
            processing = true;
            try {
                decode(t.bytes());
            } catch (PeerException e) {
                onPeerError(e);
            } finally {
                processing = false;
            }
        }
        if (!closed) {
            settleTail();
            pressure.apply(channel);
        }
    }

    private void onPeerError(PeerException error) {
        loop.counters()
                .add(error instanceof MalformedPacketException ? Counter.MALFORMED_PACKETS : Counter.PROTOCOL_VIOLATIONS);
        broker.log().peerError(this, error);
        machine.onPeerError(error);
    }

    // ---- bytes out ----

    @Override
    public void sendPublish(Message message, int packetId, QoS qos, boolean dup, boolean retain) {
        if (closed) {
            return;
        }
        int length = PacketEncoder.publishLength(message, qos);
        if (packetId == 0 && output != null && output.bytes() + length > broker.limits().qos0BacklogBytes()) {
            drop(message, DropReason.QOS0_BACKLOG_FULL);
            return;
        }
        loop.counters().add(Counter.PUBLISHES_SENT);
        loop.budget().add(output().addPublish(message, packetId, qos, dup, retain, length));
        if (session != null && session.watchesIfAny() != null) {
            session.watches().onSent(message, packetId);
        }
    }

    @Override
    public void sendAcknowledgement(PacketType type, int packetId) {
        if (!closed) {
            output().addAcknowledgement(type, packetId);
        }
    }

    @Override
    public void sendConnack(ConnackCode code, boolean sessionPresent) {
        send(new Connack(sessionPresent, code));
    }

    @Override
    public void sendSuback(int packetId, List<Integer> codes) {
        send(new Suback(packetId, codes));
    }

    @Override
    public void sendUnsuback(int packetId) {
        send(new Unsuback(packetId));
    }

    @Override
    public void sendPingresp() {
        send(PINGRESP);
    }

    private void send(Packet packet) {
        if (!closed) {
            output().addPacket(packet);
        }
    }

    private OutputQueue output() {
        markDirty();
        OutputQueue queue = output;
        if (queue == null) {
            queue = loop.takeQueue();
            output = queue;
        }
        return queue;
    }

    private void markDirty() {
        if (!dirty) {
            dirty = true;
            loop.markDirty(this);
        }
    }

    @Override
    public boolean isWritable() {
        boolean writable = channel.isWritable() && (output == null || output.bytes() < OUTPUT_HIGH);
        wantsWritable |= !writable;
        return writable;
    }

    @Override
    public void onWritable() {
        markDirty();
    }

    /** What this turn produced leaves: acknowledged records to the store, packets to the socket. */
    void endOfTurn() {
        dirty = false;
        LiveSession s = session;
        if (s != null && s.hasAcknowledged()) {
            broker.sessions().acknowledge(s.ref, s.takeAcknowledged());
        }
        flush();
        if (wantsWritable && !closed && isWritable()) {
            wantsWritable = false;
            machine.onWritable();
        }
    }

    private void flush() {
        OutputQueue queue = output;
        if (queue == null) {
            return;
        }
        boolean written = false;
        long before = queue.bytes();
        while (!queue.isEmpty() && channel.isWritable()) {
            channel.write(queue.batch(BATCH_BYTES));
            queue.removeBatch();
            loop.counters().add(Counter.WRITES);
            written = true;
        }
        if (written) {
            loop.counters().add(Counter.BYTES_SENT, before - queue.bytes());
            loop.budget().add(queue.bytes() - before);
            channel.flush();
            loop.counters().add(Counter.FLUSHES);
        }
        if (queue.isEmpty()) {
            output = null;
            loop.giveBack(queue);
        } else if (channel.isWritable()) {
            markDirty(); // the flush made room
        }
    }

    // ---- effects that others perform ----

    @Override
    public void connect(Connect connect) {
        new ConnectFlow(broker, this, connect).start();
    }

    @Override
    public void publish(Message message, int ticket) {
        onPublishReceived();
        broker.dispatcher().publish(this, message, ticket);
    }

    @Override
    public void publishQos2(Message message, int packetId, int ticket) {
        onPublishReceived();
        broker.qos2().publish(this, message, packetId, ticket);
    }

    private void onPublishReceived() {
        loop.counters().add(Counter.PUBLISHES_RECEIVED);
        if (loop.budget().isExhausted()) {
            loop.holdForBudget(this);
        }
    }

    @Override
    public void clearQos2(int packetId) {
        broker.qos2().clear(this, packetId);
    }

    @Override
    public void subscribe(Subscribe subscribe) {
        new SubscribeFlow(broker, this, subscribe).start();
    }

    @Override
    public void unsubscribe(Unsubscribe unsubscribe) {
        new UnsubscribeFlow(broker, this, unsubscribe).start();
    }

    @Override
    public void read(long afterSeq, int max) {
        broker.queues().read(this, afterSeq, max);
    }

    @Override
    public void acknowledge(long seq) {
        session().acknowledged(seq);
        markDirty();
    }

    @Override
    public void release(long seq) {
        broker.qos2().release(this, seq);
    }

    @Override
    public void complete(long seq) {
        broker.qos2().complete(this, seq);
    }

    @Override
    public void watermark(long sentUpTo, long acknowledgedUpTo) {
        broker.queues().watermark(this, sentUpTo, acknowledgedUpTo);
    }

    @Override
    public void finished(long seq) {
        if (session != null && session.watchesIfAny() != null) {
            session.watches().onFinished(seq);
        }
    }

    @Override
    public void drop(Message message, DropReason reason) {
        broker.dropped(loop, session().clientId(), message.topic(), reason);
    }

    @Override
    public long currentTimeMillis() {
        return broker.clock().millis();
    }

    @Override
    public void relieved() {
        pressure.relieve();
    }

    // ---- deliveries ----

    @Override
    public LoopContext loop() {
        return loop;
    }

    @Override
    public void deliver(Message message, QoS grant) {
        if (!closed) {
            machine.onDelivery(message, message.qos().min(grant), false); // [MQTT-3.3.1-9] [MQTT-3.8.4-6]
            pressure.congested(machine.isCongested());
        }
    }

    /** A retained message because of a new subscription [MQTT-3.3.1-8]. */
    void deliverRetained(Message message, QoS grant) {
        if (!closed) {
            machine.onDelivery(message, message.qos().min(grant), true);
        }
    }

    /** A record was appended to the queue of this session. */
    void onPushed(SessionRef ref, long seq, @Nullable Message message) {
        LiveSession s = session;
        if (!closed && s != null && s.ref.equals(ref)) {
            machine.onPushed(seq, message);
            pressure.congested(machine.isCongested());
        }
    }

    @Override
    public boolean isCongested() {
        return pressure.isCongested();
    }

    @Override
    public void holdBack(ConnectionDriver publisher) {
        pressure.holdBack(publisher);
    }

    // ---- publishing ----

    @Override
    public void onPublished(int ticket, PublishOutcome outcome) {
        machine.onPublished(ticket);
    }

    @Override
    public void onPublishFailed(int ticket, Throwable cause) {
        loop.counters().add(Counter.PUBLISHES_FAILED);
        pressure.failed();
        broker.log().publishFailed(this, cause);
        end(ReasonCode.SERVER_UNAVAILABLE); // [MQTT-4.8.0-2]
    }

    @Override
    public void onPending(int change) {
        pressure.pending(change);
    }

    // ---- session ----

    /** The connection is accepted. */
    void accept(LiveSession accepted) {
        session = accepted;
        maxPacketBytes = broker.limits().packetBytes();
        loop.unaccepted().remove(this);
        broker.accepted(this);
        loop.deadlines().set(this, 0);
    }

    boolean isAccepted() {
        return session != null;
    }

    /** The session of an accepted connection. */
    LiveSession session() {
        LiveSession s = session;
        if (s == null) {
            throw new IllegalStateException("not accepted");
        }
        return s;
    }

    BrokerRuntime broker() {
        return broker;
    }

    ConnectionMachine machine() {
        return machine;
    }

    Pressure pressure() {
        return pressure;
    }

    TransportChannel channel() {
        return channel;
    }

    String listener() {
        return listener;
    }

    boolean isClosed() {
        return closed;
    }

    void onRead(List<Queued> records, long readUpTo) {
        if (!closed) {
            machine.onRead(records, readUpTo);
        }
    }

    // ---- time and end ----

    @Override
    long onDeadline(long nowNanos) {
        return machine.onTick(nowNanos, lastInput, broker.limits().connectTimeout().toNanos());
    }

    /** Ends the connection for a reason that lies outside of it. */
    void end(ReasonCode reason) {
        machine.onEnd(reason);
    }

    @Override
    public void close(ReasonCode reason) {
        if (closed) {
            return;
        }
        flush();
        closed = true;
        if (output != null) {
            loop.budget().add(-output.bytes());
            output.clear();
            loop.giveBack(output);
            output = null;
        }
        tail = null;
        settleTail();
        loop.deadlines().remove(this);
        loop.unaccepted().remove(this);
        pressure.onClosed();
        channel.close();
        broker.closed(this, reason);
    }

    @Override
    public void onClosed() {
        machine.onEnd(ReasonCode.UNSPECIFIED_ERROR);
        close(ReasonCode.UNSPECIFIED_ERROR);
    }
}
