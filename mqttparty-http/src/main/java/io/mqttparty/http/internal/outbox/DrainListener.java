package io.mqttparty.http.internal.outbox;

import io.mqttparty.spi.Outbox.Entry;

/** Hears what a drainer does. Must not block, nor throw. */
public interface DrainListener {
    /** A message was delivered. It may come once more if this node dies before the outbox knows. */
    void delivered(Entry entry);

    /** A delivery failed and will be tried again. */
    void failed(Entry entry, int attempts, String reason);

    /** A message is a dead letter now, since it was tried as often as it may be. */
    void givenUp(Entry entry, int attempts, String reason);

    /** A message is a dead letter now, since the other side will never take it. */
    void refused(Entry entry, int attempts, String reason);

    /** So many entries were passed over, which this version cannot read. */
    void unreadable(int shard, int entries);

    /** A call of the outbox failed, and will be made again. */
    void outboxFailed(int shard, String what, Throwable cause);

    /** This node has taken a shard, or has lost or given it away. */
    void leaseChanged(int shard, boolean held);
}
