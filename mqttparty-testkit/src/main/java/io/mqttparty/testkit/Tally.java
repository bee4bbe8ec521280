package io.mqttparty.testkit;

import java.util.Optional;

/** Counts for one connection, and at the same time for the transport, whose tally is the parent. */
final class Tally {
    private final Optional<Tally> parent;
    private long reads;
    private long bytesRead;
    private long writes;
    private long frames;
    private long bytesWritten;
    private long flushes;
    private long emptyFlushes;
    private long writesWhileUnwritable;
    private long ignoredCalls;

    private Tally(Optional<Tally> parent) {
        this.parent = parent;
    }

    static Tally ofTransport() {
        return new Tally(Optional.empty());
    }

    Tally ofConnection() {
        return new Tally(Optional.of(this));
    }

    void onRead(int bytes) {
        reads++;
        bytesRead += bytes;
        parent.ifPresent(each -> each.onRead(bytes));
    }

    void onWrite(int framesOfBatch, int bytes, boolean writable) {
        writes++;
        frames += framesOfBatch;
        bytesWritten += bytes;
        writesWhileUnwritable += writable ? 0 : 1;
        parent.ifPresent(each -> each.onWrite(framesOfBatch, bytes, writable));
    }

    void onFlush(boolean something) {
        flushes += something ? 1 : 0;
        emptyFlushes += something ? 0 : 1;
        parent.ifPresent(each -> each.onFlush(something));
    }

    void onIgnored() {
        ignoredCalls++;
        parent.ifPresent(Tally::onIgnored);
    }

    LoopbackCounters counters() {
        return new LoopbackCounters(
                reads,
                bytesRead,
                writes,
                frames,
                bytesWritten,
                flushes,
                emptyFlushes,
                writesWhileUnwritable,
                ignoredCalls);
    }
}
