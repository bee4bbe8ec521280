package io.mqttparty.internal.memory;

import io.mqttparty.model.Message;
import io.mqttparty.spi.Queued;
import io.mqttparty.spi.SessionRef;
import io.mqttparty.spi.SessionStore;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One incarnation of a session. Guarded by the monitor of its {@link SessionRecord}; what it does not need it does not allocate. */
final class StoredSession {
    private final SessionRef ref;
    private final boolean queueing;
    private final InboundExchanges inbound = new InboundExchanges();
    private long expirySeconds;
    private long sentUpTo = SessionStore.FIRST_SEQ - 1;
    private Subscriptions subscriptions = Subscriptions.NONE;
    private @Nullable MessageQueue queue;
    private @Nullable TreeSet<Long> released;

    /** A new incarnation; it has a queue if it was made to outlive its connection. */
    StoredSession(SessionRef ref, long expirySeconds) {
        this.ref = ref;
        this.expirySeconds = expirySeconds;
        this.queueing = expirySeconds > 0;
    }

    SessionRef ref() {
        return ref;
    }

    long expirySeconds() {
        return expirySeconds;
    }

    void expirySeconds(long seconds) {
        expirySeconds = seconds;
    }

    boolean isPersistent() {
        return expirySeconds > 0;
    }

    /** Whether it has a queue. A session that ends with its connection has none: its node keeps what is sent to it. */
    boolean isQueueing() {
        return queueing;
    }

    Subscriptions subscriptions() {
        return subscriptions;
    }

    void subscriptions(Subscriptions changed) {
        subscriptions = changed;
    }

    InboundExchanges inbound() {
        return inbound;
    }

    // ---- queue ----

    long append(Message message, MemoryBackend.Config config) {
        if (queue == null) {
            queue = new MessageQueue(config.queueMessages(), config.queueBytes());
        }
        return queue.append(message);
    }

    void remove(long[] seqs) {
        if (queue != null) {
            for (long seq : seqs) {
                queue.remove(seq);
            }
        }
    }

    List<Queued> read(long afterSeq, int max) {
        return queue == null ? List.of() : queue.read(afterSeq, max);
    }

    /** Numbers the records anew, above this number by more than there are packet ids, unless the last number is that high. */
    void renumber(long above, MemoryBackend.Config config) {
        if (lastSeq() >= above) {
            return;
        }
        if (queue == null) {
            queue = new MessageQueue(config.queueMessages(), config.queueBytes());
        }
        queue.renumber(above + SessionStore.FIRST_SEQ);
    }

    long lastSeq() {
        return queue == null ? SessionStore.FIRST_SEQ - 1 : queue.lastSeq();
    }

    long acknowledgedUpTo() {
        return queue == null ? SessionStore.FIRST_SEQ - 1 : queue.doneUpTo();
    }

    /** What may have been sent to the client so far. It never goes down: an earlier connection may have sent more. */
    long sentUpTo() {
        return sentUpTo;
    }

    void raiseSentUpTo(long seq) {
        sentUpTo = Math.max(sentUpTo, seq);
    }

    /** The connection is over. */
    void goOffline() {
        if (queue != null) {
            queue.trim();
        }
    }

    // ---- outbound QoS 2 ----

    List<Long> released() {
        return released == null ? List.of() : List.copyOf(released);
    }

    void release(long seq) {
        if (queue != null) {
            queue.remove(seq);
        }
        if (released == null) {
            released = new TreeSet<>();
        }
        released.add(seq);
    }

    void complete(long seq) {
        if (released != null) {
            released.remove(seq);
            released = released.isEmpty() ? null : released;
        }
    }
}
