package io.mqttparty.internal.broker;

import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.spi.SessionRef;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Deliveries from one loop to another that are handed over in one task. Filled on the one, run on the other. */
final class DeliveryBatch implements Runnable {
    private @Nullable Object[] targets = new Object[16];
    private @Nullable Message[] messages = new Message[16];
    private @Nullable Object[] details = new Object[16];
    private long[] seqs = new long[16];
    private int size;

    /** A message for a local subscriber. */
    void addDelivery(LocalSubscriber subscriber, Message message, QoS grant) {
        add(subscriber, message, grant, 0);
    }

    /** A record that was appended to the queue of a client that is connected to this node. */
    void addPush(ConnectionDriver owner, SessionRef session, long seq, Message message) {
        add(owner, message, session, seq);
    }

    private void add(Object target, Message message, Object detail, long seq) {
        if (size == seqs.length) {
            int larger = size * 2;
            targets = Arrays.copyOf(targets, larger);
            messages = Arrays.copyOf(messages, larger);
            details = Arrays.copyOf(details, larger);
            seqs = Arrays.copyOf(seqs, larger);
        }
        targets[size] = target;
        messages[size] = message;
        details[size] = detail;
        seqs[size++] = seq;
    }

    boolean isEmpty() {
        return size == 0;
    }

    @Override
    public void run() {
        for (int i = 0; i < size; i++) {
            Message message = messages[i];
            if (message != null
                    && details[i] instanceof QoS grant
                    && targets[i] instanceof LocalSubscriber subscriber) {
                subscriber.deliver(message, grant);
            } else if (details[i] instanceof SessionRef session && targets[i] instanceof ConnectionDriver owner) {
                owner.onPushed(session, seqs[i], message);
            }
        }
    }
}
