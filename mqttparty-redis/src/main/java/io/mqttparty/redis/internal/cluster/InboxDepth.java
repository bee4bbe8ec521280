package io.mqttparty.redis.internal.cluster;

/**
 * How much waits in the inbox of a node, as one of its senders knows it: the entries are counted by Redis, their bytes estimated from those that this sender sent. Not for
 * several threads.
 */
final class InboxDepth {
    static final int DEEP_ENTRIES = 10_000;
    static final int FULL_ENTRIES = 100_000;
    static final long DEEP_BYTES = 32L * 1024 * 1024;
    static final long FULL_BYTES = 256L * 1024 * 1024;

    /** One in so many is what the newest entry counts in the mean. */
    private static final int SMOOTHING = 16;

    private long entries;
    private long meanBytes;

    /** An entry was sent. */
    void sent(long bytes) {
        meanBytes = meanBytes == 0 ? bytes : meanBytes + (bytes - meanBytes) / SMOOTHING;
    }

    /** Redis has counted. */
    void counted(long number) {
        entries = number;
    }

    /** Whether senders should wait a moment. */
    boolean isDeep() {
        return entries >= DEEP_ENTRIES || bytes() >= DEEP_BYTES;
    }

    /** Whether nothing more may be sent. */
    boolean isFull() {
        return entries >= FULL_ENTRIES || bytes() >= FULL_BYTES;
    }

    private long bytes() {
        return entries * meanBytes;
    }

    @Override
    public String toString() {
        return entries + " entries of about " + bytes() + " bytes wait for the node (expected: less than "
                + FULL_ENTRIES + " and " + FULL_BYTES + ")";
    }
}
