package io.mqttparty.internal.memory;

import io.mqttparty.model.Message;
import io.mqttparty.spi.Queued;
import io.mqttparty.spi.SessionStore;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The queue of one session: a ring that is addressed by number. What is removed in the middle leaves a hole; the oldest makes room for the newest. */
final class MessageQueue {
    private static final int OVERHEAD = 64;

    private final int maxMessages;
    private final long maxBytes;
    private @Nullable Message[] ring = new Message[8];
    private long low = SessionStore.FIRST_SEQ;
    private long next = SessionStore.FIRST_SEQ;
    private int size;
    private long bytes;

    MessageQueue(int maxMessages, long maxBytes) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
    }

    long append(Message message) {
        if (next - low == ring.length) {
            grow();
        }
        ring[slot(next)] = message;
        size++;
        bytes += bytes(message);
        long seq = next++;
        while (size > 1 && (size > maxMessages || bytes > maxBytes)) {
            remove(low);
        }
        return seq;
    }

    void remove(long seq) {
        Message message = seq < low || seq >= next ? null : ring[slot(seq)];
        if (message == null) {
            return;
        }
        ring[slot(seq)] = null;
        size--;
        bytes -= bytes(message);
        while (low < next && ring[slot(low)] == null) {
            low++;
        }
    }

    List<Queued> read(long afterSeq, int max) {
        List<Queued> records = new ArrayList<>(Math.min(max, size));
        for (long seq = Math.max(afterSeq + 1, low); seq < next && records.size() < max; seq++) {
            Message message = ring[slot(seq)];
            if (message != null) {
                records.add(new Queued(seq, message));
            }
        }
        return records;
    }

    /** The highest number given; 65,535 if none was. */
    long lastSeq() {
        return next - 1;
    }

    /** The highest number up to which nothing is left. */
    long acknowledgedUpTo() {
        return low - 1;
    }

    private int slot(long seq) {
        return (int) seq & (ring.length - 1);
    }

    private void grow() {
        @Nullable Message[] old = ring;
        @Nullable Message[] larger = new Message[old.length * 2];
        for (long seq = low; seq < next; seq++) {
            larger[(int) seq & (larger.length - 1)] = old[(int) seq & (old.length - 1)];
        }
        ring = larger;
    }

    private static long bytes(Message message) {
        return message.payload().size() + message.topic().utf8Length() + (long) OVERHEAD;
    }
}
