package io.mqttparty.internal.memory;

import io.mqttparty.spi.DeadLetters.DeadLetter;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.MessageId;
import io.mqttparty.spi.Outbox.Entry;
import io.mqttparty.spi.Outbox.Lease;
import io.mqttparty.spi.Outbox.Page;
import io.mqttparty.spi.Outbox.ShardStatus;
import io.mqttparty.spi.Outbox.Waiting;
import io.mqttparty.spi.OutboxFullException;
import io.mqttparty.spi.Token;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One shard of the outbox; its monitor guards it. */
final class OutboxShard {
    private final int number;
    private final OutboxRoom room;
    private final InstantSource clock;
    private final NavigableMap<Long, Waiting> waiting = new TreeMap<>();
    private final Set<Key> keys = new HashSet<>();
    private final NavigableMap<Long, DeadLetter> dead = new TreeMap<>();
    private long bytes;
    private long deadBytes;
    private long dropped;
    private long lastPosition;
    private long lastDeadPosition;
    private @Nullable Token holder;
    private long epoch;
    private long leasedUntil;

    OutboxShard(int number, OutboxRoom room, InstantSource clock) {
        this.number = number;
        this.room = room;
        this.clock = clock;
    }

    // ---- what waits ----

    synchronized void append(Entry entry) {
        if (keys.contains(Key.of(entry))) {
            return;
        }
        if (waiting.size() >= room.messages() || bytes + entry.bytes() > room.bytes()) {
            throw new OutboxFullException(number, waiting.size(), bytes);
        }
        long position = ++lastPosition;
        keys.add(Key.of(entry));
        waiting.put(position, new Waiting(position, entry, 0));
        bytes += entry.bytes();
    }

    synchronized Page read(Lease lease, long after, int max) {
        return isStale(lease)
                ? new Page(FenceResult.STALE, List.of())
                : new Page(
                        FenceResult.OK,
                        waiting.tailMap(after, false).values().stream()
                                .limit(max)
                                .toList());
    }

    synchronized boolean done(Lease lease, List<Waiting> delivered) {
        if (isStale(lease)) {
            return false;
        }
        delivered.forEach(this::take);
        return true;
    }

    synchronized boolean failed(Lease lease, Waiting message, int attempts) {
        if (isStale(lease)) {
            return false;
        }
        waiting.computeIfPresent(
                message.position(),
                (position, now) -> new Waiting(position, now.entry(), Math.max(now.attempts(), attempts)));
        return true;
    }

    private @Nullable Waiting take(Waiting message) {
        Waiting taken = waiting.remove(message.position());
        if (taken != null) {
            keys.remove(Key.of(taken.entry()));
            bytes -= taken.entry().bytes();
        }
        return taken;
    }

    // ---- dead letters ----

    synchronized boolean deadLetter(Lease lease, Waiting message, int attempts, String reason) {
        if (isStale(lease)) {
            return false;
        }
        Waiting taken = take(message);
        if (taken != null) {
            long position = ++lastDeadPosition;
            dead.put(position, new DeadLetter(number, position, taken.entry(), attempts, reason, clock.millis()));
            deadBytes += taken.entry().bytes();
            dropOldestDeadLetters();
        }
        return true;
    }

    /** The newest one stays, however large it is. */
    private void dropOldestDeadLetters() {
        while (dead.size() > 1 && (dead.size() > room.deadLetters() || deadBytes > room.bytes())) {
            removeDeadLetter(dead.firstKey());
            dropped++;
        }
    }

    synchronized List<DeadLetter> deadLetters(long after, int max) {
        return dead.tailMap(after, false).values().stream().limit(max).toList();
    }

    synchronized boolean removeDeadLetter(long position) {
        DeadLetter removed = dead.remove(position);
        if (removed != null) {
            deadBytes -= removed.entry().bytes();
        }
        return removed != null;
    }

    synchronized boolean requeue(long position) {
        DeadLetter letter = dead.get(position);
        if (letter == null) {
            return false;
        }
        append(letter.entry());
        return removeDeadLetter(position);
    }

    // ---- the lease ----

    synchronized Optional<Lease> lease(Token asking, Duration time) {
        long now = clock.millis();
        if (holder != null && !asking.equals(holder) && now < leasedUntil) {
            return Optional.empty();
        }
        if (!asking.equals(holder)) {
            epoch = Math.max(epoch + 1, now);
            holder = asking;
        }
        leasedUntil = now + time.toMillis();
        return Optional.of(new Lease(number, asking, epoch));
    }

    synchronized boolean release(Lease lease) {
        if (isStale(lease)) {
            return false;
        }
        holder = null;
        return true;
    }

    private boolean isStale(Lease lease) {
        return !lease.holder().equals(holder) || lease.epoch() != epoch;
    }

    // ---- from outside ----

    synchronized ShardStatus status() {
        return new ShardStatus(
                number,
                waiting.size(),
                bytes,
                waiting.isEmpty() ? 0 : waiting.firstEntry().getValue().entry().receivedMillis(),
                dead.size(),
                deadBytes,
                dropped,
                Optional.ofNullable(holder).filter(each -> clock.millis() < leasedUntil));
    }

    /** What an entry is known by while it waits. */
    private record Key(MessageId id, String route) {
        static Key of(Entry entry) {
            return new Key(entry.id(), entry.route());
        }
    }
}
