package io.mqttparty.redis.internal.cluster;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What the bus counts, over all nodes of this process since the start. */
public final class BusCounters {
    final LongAdder sent = new LongAdder();
    final LongAdder batches = new LongAdder();
    final LongAdder received = new LongAdder();
    final LongAdder duplicates = new LongAdder();
    final LongAdder unreadable = new LongAdder();
    final LongAdder gaps = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder held = new LongAdder();
    final AtomicInteger congestedLinks = new AtomicInteger();

    /** Records that were appended to inboxes. */
    public long sent() {
        return sent.sum();
    }

    /** Appends that carried them. */
    public long batches() {
        return batches.sum();
    }

    /** Records that were handed over. */
    public long received() {
        return received.sum();
    }

    /** Records that came again and were dropped. */
    public long duplicates() {
        return duplicates.sum();
    }

    /** Records and changes of routes that could not be read and were dropped. */
    public long unreadable() {
        return unreadable.sum();
    }

    /** Times that records were found missing. */
    public long gaps() {
        return gaps.sum();
    }

    /** Records that were not sent since too much waits for their node. */
    public long refused() {
        return refused.sum();
    }

    /** Batches whose senders were held back since much waits for their node. */
    public long held() {
        return held.sum();
    }

    /** Nodes for which so much waits here now that publishers should pause. */
    public int congestedLinks() {
        return congestedLinks.get();
    }
}
