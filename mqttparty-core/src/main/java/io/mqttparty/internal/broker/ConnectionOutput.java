package io.mqttparty.internal.broker;

import io.mqttparty.internal.codec.PacketEncoder;
import io.mqttparty.internal.packet.Connack;
import io.mqttparty.internal.packet.ConnackCode;
import io.mqttparty.internal.packet.Packet;
import io.mqttparty.internal.packet.PacketType;
import io.mqttparty.internal.packet.Pingresp;
import io.mqttparty.internal.packet.Suback;
import io.mqttparty.internal.packet.Unsuback;
import io.mqttparty.internal.session.Effects;
import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.spi.Counter;
import io.mqttparty.spi.DropReason;
import io.mqttparty.spi.transport.TransportChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What leaves through one connection: packets wait as references and leave once per turn, in one buffer with one write and one flush, if the
 * socket takes them. The references that stay are the back-pressure.
 */
abstract class ConnectionOutput extends Deadlines.Entry implements Effects {
    private static final int BATCH_BYTES = 64 * 1024;
    /** Above this many bytes in the output queue, deliveries at QoS 1 and 2 stay where they are. */
    private static final long OUTPUT_HIGH = 256 * 1024;

    /** Above this many bytes of answers that the peer has not read, the peer is not read. */
    private static final int ANSWERS_HIGH = 64 * 1024;

    private static final Pingresp PINGRESP = new Pingresp();

    private final BrokerRuntime broker;
    private final LoopContext loop;
    private final TransportChannel channel;
    private @Nullable OutputQueue output;
    private boolean dirty;
    private boolean wantsWritable;
    /** The socket takes nothing since {@link #stalledSince}. */
    private boolean stalled;

    private boolean stallWatched;
    private long stalledSince;
    private boolean closed;

    ConnectionOutput(BrokerRuntime broker, LoopContext loop, TransportChannel channel) {
        this.broker = broker;
        this.loop = loop;
        this.channel = channel;
    }

    /** A delivery at QoS 1 or 2 is on its way. */
    abstract void onSent(Message message, int packetId);

    /** The end of the turn has come. */
    abstract void onTurnEnd();

    /** The peer does not read the answers to its packets. */
    abstract void onAnswersPiledUp();

    /** It has read them. */
    abstract void onAnswersRead();

    /** This node is no member of the cluster any more. */
    abstract void onMembershipLost();

    /** The socket takes more again. */
    abstract void onRoom();

    /** The session, once the connection was accepted. */
    abstract @Nullable LiveSession sessionIfAny();

    final BrokerRuntime broker() {
        return broker;
    }

    final TransportChannel channel() {
        return channel;
    }

    /** The loop that the connection is confined to. */
    public final LoopContext loop() {
        return loop;
    }

    final boolean isClosed() {
        return closed;
    }

    @Override
    public void sendPublish(Message message, int packetId, QoS qos, boolean dup, boolean retain) {
        if (closed) {
            return;
        }
        int length = PacketEncoder.publishLength(message, qos);
        if (packetId == 0
                && output != null
                && output.bytes() + length > broker.limits().qos0BacklogBytes()) {
            drop(message, DropReason.QOS0_BACKLOG_FULL);
            return;
        }
        loop.counters().add(Counter.PUBLISHES_SENT);
        output().addPublish(message, packetId, qos, dup, retain, length);
        loop.budget().add(length);
        if (packetId != 0) {
            onSent(message, packetId);
        }
    }

    @Override
    public void sendAcknowledgement(PacketType type, int packetId) {
        if (!closed) {
            OutputQueue queue = output();
            loop.budget().add(queue.addAcknowledgement(type, packetId));
            limitAnswers(queue);
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
            OutputQueue queue = output();
            loop.budget().add(queue.addPacket(packet));
            limitAnswers(queue);
        }
    }

    /** A client that asks and asks and does not read the answers is not read either. */
    private void limitAnswers(OutputQueue queue) {
        if (queue.answerBytes() > ANSWERS_HIGH) {
            onAnswersPiledUp();
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

    final void markDirty() {
        if (!dirty) {
            dirty = true;
            loop.markDirty(this);
        }
    }

    @Override
    public boolean isWritable() {
        boolean takes = channel.isWritable();
        if (!takes) {
            onStalled();
        }
        boolean writable = takes && (output == null || output.bytes() < OUTPUT_HIGH);
        wantsWritable |= !writable;
        return writable;
    }

    /** The end of the turn: what was collected for the store leaves, and what was queued for the socket. */
    final void endTurn() {
        dirty = false;
        try {
            onTurnEnd();
            flush();
            if (wantsWritable && !closed && isWritable()) {
                wantsWritable = false;
                onRoom();
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            onInternalError(e);
        }
    }

    private void flush() {
        OutputQueue queue = output;
        if (queue == null) {
            return;
        }
        boolean written = false;
        boolean mayWrite = true;
        long before = queue.bytes();
        while (!queue.isEmpty() && channel.isWritable()) {
            mayWrite = mayWrite();
            if (!mayWrite) {
                break;
            }
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
            stalled = false;
        }
        if (!channel.isWritable()) {
            onStalled();
        }
        if (!mayWrite) {
            onMembershipLost();
            return;
        }
        boolean answersRead = queue.answerBytes() < ANSWERS_HIGH / 2;
        if (queue.isEmpty()) {
            output = null;
            loop.giveBack(queue);
        } else if (channel.isWritable()) {
            markDirty(); // the flush made room
        }
        if (answersRead) {
            onAnswersRead(); // the last thing here: it may read on, and that may close the connection
        }
    }

    /** Whether this node may still speak for the session: the others may have given it up, and the session to another node. */
    private boolean mayWrite() {
        LiveSession session = sessionIfAny();
        return session == null || session.member.isHeld();
    }

    private void onStalled() {
        if (stalled) {
            return;
        }
        stalled = true;
        stalledSince = loop.eventLoop().nanoTime();
        if (!stallWatched) {
            stallWatched = true;
            loop.deadlines().set(this, 0);
        }
    }

    /** The socket takes bytes again. */
    final void onUnstalled() {
        stalled = false;
    }

    /** How long the socket may go on to take nothing, in nanoseconds: 0 if its time is over, {@link Long#MAX_VALUE} if it takes something. */
    final long stallTimeLeft(long nowNanos) {
        stalled &= !channel.isWritable();
        stallWatched = stalled;
        return stalled
                ? Math.max(0, stalledSince + broker.limits().writeTimeout().toNanos() - nowNanos)
                : Long.MAX_VALUE;
    }

    /** The bytes that wait for the socket. */
    final long outputBytes() {
        return output == null ? 0 : output.bytes();
    }

    /** What is written already leaves; nothing more is taken. */
    final void closeOutput() {
        try {
            flush();
        } catch (RuntimeException | OutOfMemoryError e) {
            broker.log().internalError(this, e); // it is closed all the same
        }
        closed = true;
        OutputQueue queue = output;
        if (queue != null) {
            loop.budget().add(-queue.bytes());
            queue.clear();
            loop.giveBack(queue);
            output = null;
        }
    }
}
