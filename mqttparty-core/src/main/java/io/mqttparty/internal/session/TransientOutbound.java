package io.mqttparty.internal.session;

import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.model.ReasonCode;
import io.mqttparty.spi.DropReason;
import io.mqttparty.spi.SessionStore;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The deliveries of a session that ends with its connection. What does not fit into the window waits in memory. If that is full, the connection
 * is closed: a session that has ended is owed nothing, one that lives is owed every message.
 */
final class TransientOutbound extends Outbound {
    private final SessionLimits limits;
    private @Nullable ArrayDeque<Message> waiting;
    private long waitingBytes;
    private long nextSeq = SessionStore.FIRST_SEQ;
    private boolean congested;

    TransientOutbound(Effects effects, SessionLimits limits) {
        super(effects, limits.receiveMaximum());
        this.limits = limits;
    }

    @Override
    void deliver(Message message, QoS qos, boolean retain) {
        if (qos == QoS.AT_MOST_ONCE) {
            effects.sendPublish(message, 0, QoS.AT_MOST_ONCE, false, retain);
            return;
        }
        if ((waiting == null || waiting.isEmpty()) && effects.isWritable()) {
            OutboundWindow w = window(nextSeq);
            if (w.admits(nextSeq)) {
                send(w, nextSeq++, message, qos, false, retain);
                return;
            }
        }
        enqueue(message.withQos(qos).withRetain(retain));
    }

    private void enqueue(Message message) {
        ArrayDeque<Message> queue = waiting;
        if (queue == null) {
            queue = new ArrayDeque<>();
            waiting = queue;
        }
        if (queue.size() >= limits.queueMessages() || waitingBytes >= limits.queueBytes()) {
            effects.close(ReasonCode.QUOTA_EXCEEDED);
            return;
        }
        queue.add(message);
        waitingBytes += size(message);
        effects.waiting(size(message));
        congested |= queue.size() > limits.queueMessages() / 2 || waitingBytes > limits.queueBytes() / 2;
    }

    @Override
    void drain() {
        ArrayDeque<Message> queue = waiting;
        if (queue == null) {
            return;
        }
        OutboundWindow w = window(nextSeq);
        while (!queue.isEmpty() && w.admits(nextSeq) && effects.isWritable()) {
            Message message = queue.remove();
            waitingBytes -= size(message);
            effects.waiting(-size(message));
            if (message.deadlineMillis() != 0 && message.isExpiredAt(effects.currentTimeMillis())) {
                effects.drop(message, DropReason.EXPIRED);
            } else {
                send(w, nextSeq++, message, message.qos(), false, message.retain());
            }
        }
        if (congested && queue.size() <= limits.queueMessages() / 4 && waitingBytes <= limits.queueBytes() / 4) {
            congested = false;
            effects.relieved();
        }
        if (queue.isEmpty()) {
            waiting = null;
        }
    }

    private static long size(Message message) {
        return message.payload().size() + message.topic().utf8Length() + 64L;
    }

    @Override
    boolean isCongested() {
        return congested;
    }

    @Override
    long waitingBytes() {
        return waitingBytes;
    }

    @Override
    boolean wasUsed() {
        return nextSeq != SessionStore.FIRST_SEQ;
    }

    @Override
    void release(long seq) {
        onReleased(seq);
    }

    @Override
    void complete(long seq) {
        onCompleted(seq);
    }

    @Override
    void onFinished(long seq, boolean acknowledged) {
        drain();
    }
}
