package io.mqttparty.redis.internal.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.CompletableFuture.completedFuture;

import io.lettuce.core.protocol.CommandType;
import io.mqttparty.redis.internal.lane.Lane;
import io.mqttparty.redis.internal.lane.Lanes;
import io.mqttparty.redis.internal.lane.StreamEntry;
import io.mqttparty.redis.internal.record.BusRecords;
import io.mqttparty.redis.internal.record.UnreadableRecordException;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.ClusterBus;
import io.mqttparty.spi.NodeId;
import io.netty.util.concurrent.EventExecutor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What others send to a node of this process. Records of a node's link are counted, so that those of a batch that was sent again are dropped and
 * missing ones are noticed; entries that scripts append are numbered by the stream alone. What was handed over is deleted soon after. Confined to
 * the node's executor.
 */
final class Inbox implements FollowedStream {
    /** The id of the last entry that a new inbox never had. */
    static final long BEFORE_FIRST = 65_535;

    private static final int MAX_SENDERS = 1_000;

    private static final Logger LOG = System.getLogger(Inbox.class.getName());

    private final byte[] key;
    private final Lane lane;
    private final EventExecutor executor;
    private final long trimMillis;
    private final ClusterBus.Handler handler;
    private final BusCounters counters;
    private final Consumer<NodeId> onHeard;
    private final Map<NodeId, Long> nextOf = new HashMap<>();
    private long last = BEFORE_FIRST;
    private boolean trimming;

    Inbox(
            byte[] key,
            Lane lane,
            EventExecutor executor,
            long trimMillis,
            ClusterBus.Handler handler,
            BusCounters counters,
            Consumer<NodeId> onHeard) {
        this.key = key.clone();
        this.lane = lane;
        this.executor = executor;
        this.trimMillis = trimMillis;
        this.handler = handler;
        this.counters = counters;
        this.onHeard = onHeard;
    }

    @Override
    public byte[] key() {
        return key;
    }

    @Override
    public String position() {
        return "0-" + last;
    }

    @Override
    public void beforeRead() {}

    @Override
    public CompletionStage<Void> onRead(List<StreamEntry> entries, boolean waited) {
        boolean complete = true;
        for (StreamEntry entry : entries) {
            complete &= entry.low() == last + 1;
            last = entry.low();
            complete &= take(entry);
        }
        if (!complete) {
            gap();
        }
        if (!entries.isEmpty() && !trimming) {
            trimming = true;
            var unused = executor.schedule(this::trim, trimMillis, TimeUnit.MILLISECONDS);
        }
        return completedFuture(null);
    }

    /** The store was replaced: its inbox may lack entries that this has taken, and will give their ids again. */
    void check() {
        var unused = Retry.of(
                        executor,
                        () -> StreamInfo.read(lane, key)) // its lane may still be finding its connection again
                .thenAcceptAsync(
                        info -> {
                            if (info.last().low() < last) {
                                last = info.last().low();
                                gap();
                            }
                        },
                        executor);
    }

    /** Forgets what nobody needs who is not alive; late records of those are taken for the first after a gap. */
    void dropOld(Set<NodeId> live) {
        if (nextOf.size() > MAX_SENDERS) {
            nextOf.keySet().retainAll(live);
        }
    }

    private void gap() {
        counters.gaps.increment();
        LOG.log(Level.WARNING, "bus: records for this node were lost");
        handler.onGap();
    }

    /** Hands over what an entry holds; {@code false} if something is missing before it. */
    private boolean take(StreamEntry entry) {
        byte[] from = entry.fields().get("f");
        byte[] packed = entry.fields().get("p");
        if (from == null || packed == null) {
            unreadable(entry, "no sender or no records");
            return true;
        }
        NodeId sender = new NodeId(new String(from, UTF_8));
        onHeard.accept(sender);
        try {
            List<byte[]> records = BusRecords.unpack(packed);
            return take(sender, records, entry.fields().get("l"));
        } catch (UnreadableRecordException | NumberFormatException e) {
            unreadable(entry, e.getMessage());
            return true;
        }
    }

    private boolean take(NodeId sender, List<byte[]> records, byte @Nullable [] counter) {
        if (counter == null) { // a script's: executed once
            records.forEach(record -> handOver(sender, record));
            return true;
        }
        long first = Long.parseLong(new String(counter, US_ASCII));
        long next = nextOf.getOrDefault(sender, 1L);
        for (int i = 0; i < records.size(); i++) {
            if (first + i >= next) {
                handOver(sender, records.get(i));
            } else {
                counters.duplicates.increment();
            }
        }
        nextOf.put(sender, Math.max(next, first + records.size()));
        return first <= next;
    }

    private void handOver(NodeId sender, byte[] bytes) {
        BusRecord record;
        try {
            record = BusRecords.decode(bytes);
        } catch (UnreadableRecordException e) {
            counters.unreadable.increment();
            LOG.log(Level.WARNING, () -> "bus: a record of " + sender + " was dropped: " + e.getMessage());
            return;
        }
        counters.received.increment();
        try {
            handler.onRecord(sender, record);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "this node failed to take a record of the bus", e);
        }
    }

    private void unreadable(StreamEntry entry, @Nullable String reason) {
        counters.unreadable.increment();
        LOG.log(Level.WARNING, () -> "bus: entry " + entry.id() + " was dropped: " + reason);
    }

    private void trim() {
        trimming = false;
        var unused = Lanes.call(
                lane,
                CommandType.XTRIM,
                reply -> null,
                key,
                "MINID".getBytes(US_ASCII),
                "=".getBytes(US_ASCII),
                ("0-" + (last + 1)).getBytes(US_ASCII));
    }
}
