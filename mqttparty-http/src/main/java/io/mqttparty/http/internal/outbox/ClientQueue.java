package io.mqttparty.http.internal.outbox;

import io.mqttparty.model.ClientId;
import io.mqttparty.spi.Outbox.Entry;
import io.mqttparty.spi.Outbox.Waiting;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The messages of one client for one route in their order: the first few are in memory, and the very first is delivered. Others may be in the outbox alone, and all of them
 * while it waits for the next try of its first one: then it costs no more than its name.
 */
final class ClientQueue {
    /** So many messages are in memory at most. */
    static final int MOST = 64;

    /** So often the wait of a message grows that is not even tried. */
    private static final int MOST_NOT_TRIED = 5;

    private final Key key;
    private final Deque<Waiting> messages = new ArrayDeque<>(2);
    /** All up to this position are in memory, or are done. */
    private long upTo;

    private boolean more;
    private long parkedAt;
    private boolean parked;
    private int attempts;
    private int notTried;

    /** Whose messages for what; different ones do not wait for each other. */
    record Key(ClientId client, String route) {
        static Key of(Entry entry) {
            return new Key(entry.client(), entry.route());
        }
    }

    ClientQueue(Key key) {
        this.key = key;
    }

    Key key() {
        return key;
    }

    /** Takes a message, unless there are enough, or earlier ones are in the outbox alone: then it stays there too. */
    boolean take(Waiting message) {
        if (more || messages.size() == MOST) {
            more = true;
            return false;
        }
        add(message);
        return true;
    }

    /** Takes a message that was left in the outbox, unless there are enough. */
    boolean takeNext(Waiting message) {
        if (messages.size() == MOST) {
            return false;
        }
        boolean known = message.position() == parkedAt && attempts > message.attempts();
        add(known ? new Waiting(message.position(), message.entry(), attempts) : message);
        return true;
    }

    private void add(Waiting message) {
        messages.addLast(message);
        upTo = message.position();
    }

    /** Leaves all in the outbox, of which the first has failed so often. Returns those that were in memory. */
    List<Waiting> park(int failures) {
        List<Waiting> all = List.copyOf(messages);
        parked = true;
        parkedAt = first().position();
        attempts = failures;
        upTo = parkedAt - 1;
        more = true;
        messages.clear();
        return all;
    }

    /** Whether it waits for the next try of the message that comes next. */
    boolean isParked() {
        return parked;
    }

    void unpark() {
        parked = false;
    }

    /** The first message was not even tried. Returns how often that has been so in a row, up to {@value #MOST_NOT_TRIED}. */
    int notTried() {
        notTried = Math.min(notTried + 1, MOST_NOT_TRIED);
        return notTried;
    }

    /** Up to where nothing of it is left in the outbox alone. */
    long upTo() {
        return upTo;
    }

    /** Nothing of it is in the outbox up to this position. */
    void passed(long position) {
        upTo = position;
    }

    /** Nothing of it is in the outbox alone. */
    void complete() {
        more = false;
    }

    boolean hasMore() {
        return more;
    }

    Waiting first() {
        return messages.getFirst();
    }

    void removeFirst() {
        notTried = 0;
        messages.removeFirst();
    }

    boolean isEmpty() {
        return messages.isEmpty();
    }
}
