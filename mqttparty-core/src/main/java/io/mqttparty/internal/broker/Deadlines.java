package io.mqttparty.internal.broker;

import io.mqttparty.spi.transport.EventLoop;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The coarse timers of the connections of one loop: a wheel of one slot per second with one timer for all. A connection is in at most one
 * slot; it is looked at once its slot has come, never early and at most a second late.
 */
final class Deadlines {
    private static final long TICK_NANOS = 1_000_000_000L;
    private static final int SLOTS = 512;

    private final EventLoop loop;
    private final @Nullable Entry[] slots = new Entry[SLOTS];
    private int size;
    private long tick;
    private boolean running;

    Deadlines(EventLoop loop) {
        this.loop = loop;
    }

    /** Something that wants to be looked at; part of the connection, so that it costs no object. */
    abstract static class Entry {
        private @Nullable Entry next;
        private @Nullable Entry previous;
        private int slot = -1;

        /** The time has come, or the wheel has gone round once: says when to look again, in nanoseconds; {@link Long#MAX_VALUE} for never. */
        abstract long onDeadline(long nowNanos);

        /** It threw: it is not looked at again unless it asks for it. */
        abstract void onInternalError(Throwable error);
    }

    /** Looks at the entry after this time. Replaces what was set before. */
    void set(Entry entry, long delayNanos) {
        remove(entry);
        if (delayNanos == Long.MAX_VALUE) {
            return;
        }
        if (!running) {
            running = true;
            tick = loop.nanoTime() / TICK_NANOS;
            next();
        }
        long ticks = Math.min(SLOTS - 2L, delayNanos / TICK_NANOS + 1);
        insert(entry, (int) Math.floorMod(tick + ticks, (long) SLOTS));
    }

    void remove(Entry entry) {
        if (entry.slot < 0) {
            return;
        }
        if (entry.previous != null) {
            entry.previous.next = entry.next;
        } else {
            slots[entry.slot] = entry.next;
        }
        if (entry.next != null) {
            entry.next.previous = entry.previous;
        }
        entry.next = null;
        entry.previous = null;
        entry.slot = -1;
        size--;
    }

    private void insert(Entry entry, int slot) {
        Entry first = slots[slot];
        entry.next = first;
        if (first != null) {
            first.previous = entry;
        }
        slots[slot] = entry;
        entry.slot = slot;
        size++;
    }

    private void next() {
        try {
            loop.schedule(TICK_NANOS, this::onTick);
        } catch (RejectedExecutionException e) {
            running = false; // the loop is closed
        }
    }

    private void onTick() {
        try {
            long now = loop.nanoTime();
            long target = now / TICK_NANOS;
            while (tick < target) {
                tick++;
                visit((int) Math.floorMod(tick, (long) SLOTS), now);
            }
        } finally {
            if (size > 0) {
                next();
            } else {
                running = false;
            }
        }
    }

    private void visit(int slot, long now) {
        for (Entry entry = slots[slot]; entry != null; entry = slots[slot]) {
            remove(entry);
            long next;
            try {
                next = entry.onDeadline(now);
            } catch (RuntimeException | Error e) { // what one connection throws must not stop the time of the others
                entry.onInternalError(e);
                next = Long.MAX_VALUE;
            }
            set(entry, next); // never into this slot again
        }
    }
}
