package io.mqttparty.redis.internal.cluster;

import io.mqttparty.redis.internal.record.BusRecords;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Records of a link that leave together. Their senders share one stage. Guarded by the link until it is sent; then it does not change. */
final class LinkBatch {
    static final int MAX_RECORDS = 256;
    static final int MAX_BYTES = 128 * 1024;

    private final long firstCounter;
    private final List<byte[]> records = new ArrayList<>();
    private final CompletableFuture<Boolean> sent = new CompletableFuture<>();
    private int bytes;
    private boolean sealed;

    LinkBatch(long firstCounter) {
        this.firstCounter = firstCounter;
    }

    boolean accepts(int length) {
        return !sealed && records.size() < MAX_RECORDS && bytes + length <= MAX_BYTES;
    }

    void add(byte[] record) {
        records.add(record);
        bytes += record.length;
    }

    /** The next record does not follow the last one of this. */
    void seal() {
        sealed = true;
    }

    long firstCounter() {
        return firstCounter;
    }

    int size() {
        return records.size();
    }

    int bytes() {
        return bytes;
    }

    byte[] packed() {
        return BusRecords.pack(records);
    }

    /** What the senders wait for. */
    CompletableFuture<Boolean> sent() {
        return sent;
    }
}
