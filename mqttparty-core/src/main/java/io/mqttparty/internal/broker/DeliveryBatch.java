package io.mqttparty.internal.broker;

import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.spi.SessionRef;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Deliveries from one loop to another that are handed over in one task. Filled on the one, run on the other. */
final class DeliveryBatch implements Runnable {
    private static final int ENTRY_BYTES = 64;

    private final ByteBudget.Share targetBudget;
    private @Nullable Object[] targets = new Object[16];
    private @Nullable Message[] messages = new Message[16];
    private @Nullable Object[] details = new Object[16];
    private long[] seqs = new long[16];
    private int size;
    private long bytes;
    /** A batch for the loop with this part of the budget. */
    DeliveryBatch(ByteBudget.Share targetBudget) {
        this.targetBudget = targetBudget;
    }

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
        boolean shared = isLast(message);
        bytes += ENTRY_BYTES
                + (shared ? 0 : message.payload().size() + message.topic().utf8Length());
        targets[size] = target;
        messages[size] = message;
        details[size] = detail;
        seqs[size++] = seq;
    }

    @SuppressWarnings("ReferenceEquality") // a fan-out adds one and the same message many times
    private boolean isLast(Message message) {
        return size > 0 && messages[size - 1] == message;
    }

    /** The bytes that wait in it, for the budget: charged where it is filled, and given back where it is run. */
    long bytes() {
        return bytes;
    }

    @Override
    public void run() {
        targetBudget.add(-bytes);
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
