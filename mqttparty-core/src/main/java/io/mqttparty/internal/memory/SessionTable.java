package io.mqttparty.internal.memory;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.MqttPartyException;
import io.mqttparty.spi.Fence;
import java.util.Collection;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The records of all clients, found by id, in order, and by what is due. A record is changed with its monitor held. */
final class SessionTable {
    private static final int STEP_LOCKS = 64;

    private final long maxSessions;
    private final ConcurrentHashMap<ClientId, SessionRecord> records = new ConcurrentHashMap<>();
    private final ConcurrentSkipListMap<ClientId, SessionRecord> ordered = new ConcurrentSkipListMap<>();
    private final ConcurrentSkipListSet<Expiry> expiries = new ConcurrentSkipListSet<>();
    private final ConcurrentSkipListSet<ClientId> dueWills = new ConcurrentSkipListSet<>();
    /** The highest epoch of a record that is gone, so that no client's epoch goes down. */
    private final AtomicLong lastEpoch = new AtomicLong();

    private final Object[] stepLocks = new Object[STEP_LOCKS];

    SessionTable(long maxSessions) {
        this.maxSessions = maxSessions;
        for (int i = 0; i < STEP_LOCKS; i++) {
            stepLocks[i] = new Object();
        }
    }

    /**
     * What makes a change of one client that reaches the queues of others one step for the next attach of that client. Taken before the
     * monitor of any record, and never two of them.
     */
    Object stepLock(ClientId client) {
        return stepLocks[(client.hashCode() & Integer.MAX_VALUE) % STEP_LOCKS];
    }

    @Nullable
    SessionRecord find(ClientId client) {
        return records.get(client);
    }

    /** Runs a step on the record of a client, which is made if need be. The step ends with {@link #settle}. */
    <T> T onRecord(ClientId client, Function<SessionRecord, T> step) {
        while (true) {
            SessionRecord record = records.computeIfAbsent(client, this::create);
            synchronized (record) {
                if (!record.isRemoved()) {
                    return step.apply(record);
                }
            }
        }
    }

    private SessionRecord create(ClientId client) {
        if (records.mappingCount() >= maxSessions) {
            throw new MqttPartyException("sessions: " + maxSessions + " reached (expected: less)");
        }
        SessionRecord record = new SessionRecord(client);
        ordered.put(client, record);
        return record;
    }

    /** Runs a step on a session if the fence's connection owns it. */
    <T> T fenced(Fence fence, T stale, FencedStep<T> step) {
        SessionRecord record = find(fence.client());
        if (record == null) {
            return stale;
        }
        synchronized (record) {
            StoredSession session = record.session(fence);
            return session == null ? stale : step.apply(record, session);
        }
    }

    /**
     * Runs a write of a client's former or present connection unless a later one has attached.
     *
     * @return whether it ran
     */
    boolean unlessSuperseded(Fence fence, Runnable write) {
        while (true) {
            SessionRecord record = records.compute(fence.client(), (client, known) -> {
                if (known == null) {
                    write.run(); // nobody attaches meanwhile
                }
                return known;
            });
            if (record == null) {
                return true;
            }
            synchronized (record) {
                if (!record.isRemoved()) {
                    if (record.epoch() > fence.epoch()) {
                        return false;
                    }
                    write.run();
                    return true;
                }
            }
        }
    }

    /** An epoch higher than any that the client has had. */
    long nextEpoch(SessionRecord record, long nowMillis) {
        return Math.max(Math.max(record.epoch(), lastEpoch.get()) + 1, nowMillis);
    }

    /** Brings the table in line with a record that has changed, and removes it if nothing is left of it. */
    void settle(SessionRecord record) {
        settleExpiry(record);
        if (record.isOffline() && !record.wills().isEmpty()) {
            dueWills.add(record.client());
        } else {
            dueWills.remove(record.client());
        }
        if (record.isOffline() && record.isEmpty()) {
            lastEpoch.accumulateAndGet(record.epoch(), Math::max);
            record.removed();
            records.remove(record.client(), record);
            ordered.remove(record.client(), record);
        }
    }

    private void settleExpiry(SessionRecord record) {
        StoredSession session = record.session();
        long at = session == null || !record.isOffline()
                ? 0
                : saturatedAdd(record.sinceMillis(), session.expirySeconds());
        long before = record.expiresAtMillis();
        if (at != before) {
            if (before != 0) {
                expiries.remove(new Expiry(before, record.client()));
            }
            if (at != 0) {
                expiries.add(new Expiry(at, record.client()));
            }
            record.expiresAtMillis(at);
        }
    }

    private static long saturatedAdd(long millis, long seconds) {
        return seconds >= (Long.MAX_VALUE - millis) / 1_000 ? Long.MAX_VALUE : millis + seconds * 1_000;
    }

    /** All records, in no order. */
    Collection<SessionRecord> all() {
        return records.values();
    }

    /** All records by client id. */
    NavigableMap<ClientId, SessionRecord> ordered() {
        return ordered;
    }

    /** Sessions without connection, the next to expire first. */
    NavigableSet<Expiry> expiries() {
        return expiries;
    }

    /** Clients without connection that have a pending will. */
    NavigableSet<ClientId> dueWills() {
        return dueWills;
    }

    /** A change of a session that its connection makes. */
    @FunctionalInterface
    interface FencedStep<T> {
        T apply(SessionRecord record, StoredSession session);
    }

    /**
     * When a session is over.
     *
     * @param atMillis the time
     * @param client whose
     */
    record Expiry(long atMillis, ClientId client) implements Comparable<Expiry> {
        @Override
        public int compareTo(Expiry other) {
            int byTime = Long.compare(atMillis, other.atMillis);
            return byTime != 0 ? byTime : client.compareTo(other.client);
        }
    }
}
