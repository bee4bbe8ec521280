package io.mqttparty.testkit;

/**
 * What went over a loopback connection, or over all of a transport, until now. {@link #minus} gives what one step of a test cost.
 *
 * @param reads calls of {@code onBytes}
 * @param bytesRead bytes given to {@code onBytes}
 * @param writes batches that the broker wrote
 * @param frames frames in these batches
 * @param bytesWritten bytes in these batches
 * @param flushes calls of {@code flush} after at least one write
 * @param emptyFlushes calls of {@code flush} with nothing to send
 * @param writesWhileUnwritable batches that the broker wrote although the channel was not writable
 * @param ignoredCalls calls after the end of the connection
 */
public record LoopbackCounters(
        long reads,
        long bytesRead,
        long writes,
        long frames,
        long bytesWritten,
        long flushes,
        long emptyFlushes,
        long writesWhileUnwritable,
        long ignoredCalls) {
    /** What was counted since the earlier counters were taken. */
    public LoopbackCounters minus(LoopbackCounters earlier) {
        return new LoopbackCounters(
                reads - earlier.reads,
                bytesRead - earlier.bytesRead,
                writes - earlier.writes,
                frames - earlier.frames,
                bytesWritten - earlier.bytesWritten,
                flushes - earlier.flushes,
                emptyFlushes - earlier.emptyFlushes,
                writesWhileUnwritable - earlier.writesWhileUnwritable,
                ignoredCalls - earlier.ignoredCalls);
    }
}
