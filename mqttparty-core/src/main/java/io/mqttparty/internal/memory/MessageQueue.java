package io.mqttparty.internal.memory;

import io.mqttparty.model.Message;
import io.mqttparty.spi.Queued;
import io.mqttparty.spi.SessionStore;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The numbered messages of one session: a ring in which a number is a place, so that any of them is found and removed at once. */
final class MessageQueue {
    /**
     * How far the oldest and the newest number may be apart. A sender never has numbers in flight that are 65,535 apart, since they would share
     * a packet id; so what this drops could not have been sent.
     */
    static final int MAX_SPAN = 1 << 17;

    /** An empty queue keeps a ring of this size, so that a session that keeps up allocates nothing. */
    private static final int KEPT_SLOTS = 8;

    private static final @Nullable Message[] NO_SLOTS = new Message[0];

    private final int maxMessages;
    private final long maxBytes;
    private @Nullable Message[] slots = NO_SLOTS;
    /** The oldest number; {@link #next} if there is none. */
    private long head = SessionStore.FIRST_SEQ;

    private long next = SessionStore.FIRST_SEQ;
    private int count;
    private long bytes;

    MessageQueue(int maxMessages, long maxBytes) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
    }

    /** Appends a message and returns its number; the oldest make room. */
    long append(Message message) {
        if (next - head == slots.length) {
            grow();
        }
        long seq = next++;
        slots[index(seq)] = message;
        count++;
        bytes += size(message);
        while (isOverLimit()) {
            remove(head);
        }
        return seq;
    }

    private boolean isOverLimit() {
        return count > 1 && (count > maxMessages || bytes > maxBytes || next - head > MAX_SPAN);
    }

    /** Removes a message, if it is here. */
    void remove(long seq) {
        if (seq < head || seq >= next) {
            return;
        }
        Message removed = slots[index(seq)];
        if (removed == null) {
            return;
        }
        slots[index(seq)] = null;
        count--;
        bytes -= size(removed);
        while (head < next && slots[index(head)] == null) {
            head++;
        }
        if (count == 0 && slots.length > KEPT_SLOTS) {
            slots = NO_SLOTS;
        }
    }

    /** The messages after a number, oldest first. */
    List<Queued> read(long afterSeq, int max) {
        List<Queued> found = new ArrayList<>(Math.min(max, count));
        for (long seq = Math.max(afterSeq + 1, head); seq < next && found.size() < max; seq++) {
            Message message = slots[index(seq)];
            if (message != null) {
                found.add(new Queued(seq, message));
            }
        }
        return found;
    }

    /** Numbers all messages anew from this number, in their order. */
    void renumber(long first) {
        List<Queued> all = read(0, Integer.MAX_VALUE);
        slots = NO_SLOTS;
        count = 0;
        bytes = 0;
        head = first;
        next = first;
        all.forEach(queued -> append(queued.message()));
    }

    /** The highest number given so far. */
    long lastSeq() {
        return next - 1;
    }

    /** The highest number up to which nothing is left. */
    long doneUpTo() {
        return head - 1;
    }

    /** Lets go of memory that an empty queue does not need. */
    void trim() {
        if (count == 0) {
            slots = NO_SLOTS;
        }
    }

    private void grow() {
        @Nullable Message[] larger = new Message[Math.max(KEPT_SLOTS, slots.length * 2)];
        for (long seq = head; seq < next; seq++) {
            larger[(int) (seq & (larger.length - 1))] = slots[index(seq)];
        }
        slots = larger;
    }

    private int index(long seq) {
        return (int) (seq & (slots.length - 1));
    }

    private static long size(Message message) {
        return (long) message.topic().utf8Length() + message.payload().size();
    }
}
