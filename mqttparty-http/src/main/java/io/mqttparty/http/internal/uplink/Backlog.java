package io.mqttparty.http.internal.uplink;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the events that are on their way, and the bytes of those that are acknowledged already, up to a limit each. Any thread may call. */
public final class Backlog {
    /** Two connections' worth of what the broker takes from one. */
    private static final int LEAST_OF_A_CLIENT = 2_048;

    private final int most;
    private final long mostAcceptedBytes;
    private final AtomicInteger size = new AtomicInteger();
    private final AtomicLong acceptedBytes = new AtomicLong();
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private volatile boolean closed;

    /**
     * Room for so many events.
     *
     * @param mostAcceptedBytes of these, the bytes of those that are acknowledged before they are delivered: the budget of the broker does not have them any more
     */
    public Backlog(int most, long mostAcceptedBytes) {
        this.most = most;
        this.mostAcceptedBytes = mostAcceptedBytes;
    }

    /** One more, if there is room. */
    boolean enter() {
        if (size.incrementAndGet() > most || closed) {
            leave();
            return false;
        }
        return true;
    }

    /** One less. */
    void leave() {
        if (size.decrementAndGet() == 0 && closed) {
            drained.complete(null);
        }
    }

    /**
     * How many of one client may wait for each other on a route: what a client sends may wait for as long as the backend works, so one that comes again and again must not fill the room of all.
     */
    int mostOfAClient() {
        return Math.max(LEAST_OF_A_CLIENT, most / 8);
    }

    boolean isClosed() {
        return closed;
    }

    /** An event of so many bytes may be acknowledged now, as less than half of the room is used; then it says when it is {@link #settled}. */
    boolean accept(int bytes) {
        if (size.get() >= most / 2) {
            return false;
        }
        boolean fits = acceptedBytes.addAndGet(bytes) <= mostAcceptedBytes;
        if (!fits) {
            acceptedBytes.addAndGet(-bytes);
        }
        return fits;
    }

    /** What was accepted is not on its way any more. */
    void settled(int bytes) {
        acceptedBytes.addAndGet(-bytes);
    }

    /** Events that are on their way. */
    public int size() {
        return size.get();
    }

    /** Takes no more events; the stage completes when those that are on their way are done. */
    public CompletableFuture<Void> close() {
        closed = true;
        enter(); // completes the stage if there is nothing
        return drained;
    }
}
