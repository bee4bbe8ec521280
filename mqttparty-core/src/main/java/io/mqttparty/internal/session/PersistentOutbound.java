package io.mqttparty.internal.session;

import static io.mqttparty.internal.session.OutboundWindow.RELEASED;

import io.mqttparty.internal.packet.PacketType;
import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.spi.Queued;
import io.mqttparty.spi.SessionStore;
import io.mqttparty.spi.SessionStore.Attached;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The deliveries of a session whose queue is in the store. A record that was pushed is sent from memory if it is the next one and nothing is in
 * its way; in every other case it is read from the queue when its turn comes. So local pushes, pushes of other nodes and the queue keep one
 * order.
 */
final class PersistentOutbound extends Outbound {
    private static final int PAGE = 64;
    private static final int WATERMARK_EVERY = 256;
    /** While the queue is deep, others look at how far the client has come, and take one that does not move for stuck. */
    private static final long WATERMARK_MILLIS = 250;

    /** Records up to here may have been sent before and carry DUP. */
    private final long dupUpTo;

    private final int queueMessages;
    /** The last record that was sent. */
    private long cursor;
    /** The last record that is known to exist. */
    private long known;
    /** Whether something was pushed since the read in flight began. */
    private boolean pushedDuringRead;

    private boolean reading;
    private boolean pumping;
    /** The next record is too far from the oldest open one. */
    private boolean outOfReach;

    private boolean congested;
    private final int watermarkEvery;
    private int finishedSinceWatermark;
    private long lastWatermarkMillis;

    PersistentOutbound(Effects effects, SessionLimits limits, Attached attached) {
        super(effects, limits.receiveMaximum());
        this.queueMessages = limits.queueMessages();
        this.watermarkEvery = Math.max(1, Math.min(WATERMARK_EVERY, queueMessages / 8));
        this.dupUpTo = attached.dupUpTo();
        this.known = attached.lastSeq();
        this.cursor = attached.records().isEmpty()
                ? attached.lastSeq()
                : attached.records().get(0).seq() - 1;
    }

    /** Sends again what the client may not have: PUBRELs first, then PUBLISHes in their order [MQTT-4.4.0-1], [MQTT-4.6.0-1]. */
    void resume(List<Long> released, List<Queued> records, long readUpTo) {
        for (long seq : released) {
            window(seq).open(seq, RELEASED);
            effects.sendAcknowledgement(PacketType.PUBREL, SessionStore.packetId(seq));
        }
        reading = true;
        onRead(records, readUpTo);
    }

    @Override
    void deliver(Message message, QoS qos, boolean retain) {
        effects.sendPublish(message, 0, QoS.AT_MOST_ONCE, false, retain);
    }

    /** A record was appended to the queue; the message is there if it was at hand. Number 0 says that there may be one. */
    void onPushed(long seq, @Nullable Message message) {
        known = Math.max(known, seq == 0 ? cursor + 1 : seq);
        pushedDuringRead |= reading;
        if (message != null && seq == cursor + 1 && !reading && effects.isWritable()) {
            OutboundWindow w = window(seq);
            if (w.admits(seq)) {
                send(w, seq, message, false);
                return;
            }
        }
        drain();
    }

    /**
     * A read is back.
     *
     * @param records to deliver, oldest first
     * @param readUpTo the last record that was read, whether it is to be delivered or not; the position of the read if there was none
     */
    void onRead(List<Queued> records, long readUpTo) {
        reading = false;
        if (readUpTo <= cursor && !pushedDuringRead) {
            known = cursor; // what was known to exist was withdrawn or dropped
        }
        for (Queued queued : records) {
            long seq = queued.seq();
            OutboundWindow w = window(seq);
            if (!w.admits(seq)) {
                outOfReach = w.hasRoom();
                return;
            }
            send(w, seq, queued.message(), seq <= dupUpTo); // [MQTT-3.3.1-1]
        }
        cursor = Math.max(cursor, readUpTo);
        drain();
    }

    private void send(OutboundWindow w, long seq, Message message, boolean dup) {
        cursor = seq;
        if (message.qos() == QoS.AT_MOST_ONCE) { // of a will or a retained message: there is nothing to wait for
            effects.sendPublish(message, 0, QoS.AT_MOST_ONCE, false, message.retain());
            effects.acknowledge(seq);
        } else {
            send(w, seq, message, message.qos(), dup, message.retain());
        }
    }

    @Override
    void drain() {
        if (pumping) {
            return;
        }
        pumping = true;
        while (!reading && !outOfReach && known > cursor && hasRoom() && effects.isWritable()) {
            reading = true;
            pushedDuringRead = false;
            effects.read(cursor, PAGE);
        }
        pumping = false;
        if (waiting() > queueMessages / 2) {
            congested = true;
        } else if (congested && waiting() <= queueMessages / 4) {
            congested = false;
            effects.relieved();
        }
    }

    /** How many records were not sent yet. */
    long waiting() {
        return known - cursor;
    }

    private boolean hasRoom() {
        OutboundWindow w = windowIfAny();
        return w == null || w.hasRoom();
    }

    @Override
    boolean isCongested() {
        return congested;
    }

    @Override
    long waitingBytes() {
        return 0; // what waits is in the store
    }

    @Override
    boolean wasUsed() {
        return Math.max(cursor, known) >= SessionStore.FIRST_SEQ;
    }

    /** Whether this record was passed and is not open. */
    boolean isFinished(long seq) {
        OutboundWindow w = windowIfAny();
        return seq <= cursor && (w == null || !w.isOpen(seq));
    }

    /** The highest number that was sent. */
    long sentUpTo() {
        return cursor;
    }

    @Override
    void release(long seq) {
        effects.release(seq);
    }

    @Override
    void complete(long seq) {
        effects.complete(seq);
    }

    @Override
    void onFinished(long seq, boolean acknowledged) {
        outOfReach = false;
        if (acknowledged) {
            effects.acknowledge(seq);
        }
        finishedSinceWatermark++;
        noteProgress(window(seq));
        drain();
    }

    private void noteProgress(OutboundWindow w) {
        boolean deep = known - w.low() > queueMessages / 4;
        if (finishedSinceWatermark < watermarkEvery && !deep) {
            return;
        }
        long now = effects.currentTimeMillis();
        if (finishedSinceWatermark >= watermarkEvery || Math.abs(now - lastWatermarkMillis) >= WATERMARK_MILLIS) {
            finishedSinceWatermark = 0;
            lastWatermarkMillis = now;
            effects.watermark(cursor, w.low() - 1);
        }
    }
}
