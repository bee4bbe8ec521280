package io.mqttparty.http.internal.uplink;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the events that are on their way, up to a limit. Any thread may call. */
public final class Backlog {
    private final int most;
    private final AtomicInteger size = new AtomicInteger();
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private volatile boolean closed;

    /** Room for so many events. */
    public Backlog(int most) {
        this.most = most;
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

    boolean isClosed() {
        return closed;
    }

    /** Whether less than half of it is used. */
    boolean isRoomy() {
        return size.get() < most / 2;
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
