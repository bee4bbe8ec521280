package io.mqttparty.internal.memory;

import io.mqttparty.model.Message;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.Leg;
import io.mqttparty.spi.Owner;
import io.mqttparty.spi.SessionRef;
import io.mqttparty.spi.SessionStore.EnqueueCallback;
import io.mqttparty.spi.SessionStore.Stored;
import io.mqttparty.spi.SharedTarget;
import io.mqttparty.spi.Targets;
import java.util.ArrayList;
import java.util.List;

/** Appends messages to queues, leg by leg. */
final class Appender {
    private static final long GONE = -1;

    private final SessionTable table;
    private final Members members;
    private final MemoryBackend.Config config;

    Appender(SessionTable table, Members members, MemoryBackend.Config config) {
        this.table = table;
        this.members = members;
        this.config = config;
    }

    void append(Message message, List<Leg> legs, EnqueueCallback callback) {
        for (int i = 0; i < legs.size(); i++) {
            append(message, legs.get(i), i, callback);
        }
    }

    private void append(Message message, Leg leg, int index, EnqueueCallback callback) {
        long seq = GONE;
        long acknowledgedUpTo = 0;
        Owner owner = Owner.OFFLINE;
        SessionRecord record = table.find(leg.session().client());
        if (record != null) {
            synchronized (record) {
                StoredSession session = record.session(leg.session());
                if (session != null && session.isQueueing()) {
                    seq = append(session, message, leg);
                    acknowledgedUpTo = session.acknowledgedUpTo();
                    owner = record.owner();
                }
            }
        }
        callback.onStored(index, seq, owner, acknowledgedUpTo);
    }

    private long append(StoredSession session, Message message, Leg leg) {
        return session.append(message.withQos(message.qos().min(leg.grant())), config); // [MQTT-3.8.4-6]
    }

    /** Appends to all legs and says where each went. */
    List<Stored> appendAll(Message message, List<Leg> legs) {
        List<Stored> stored = new ArrayList<>(legs.size());
        append(message, legs, new EnqueueCallback() {
            @Override
            public void onStored(int leg, long seq, Owner owner, long acknowledgedUpTo) {
                stored.add(new Stored(seq, owner, acknowledgedUpTo));
            }

            @Override
            public void onFailed(int leg, Throwable cause) {
                throw new IllegalStateException("leg: " + leg + " failed (expected: none does in memory)", cause);
            }
        });
        return stored;
    }

    /** Says where the clients of these legs are connected. */
    List<Stored> owners(List<Leg> legs) {
        return legs.stream().map(leg -> new Stored(0, owner(leg.session()), 0)).toList();
    }

    private Owner owner(SessionRef ref) {
        SessionRecord record = table.find(ref.client());
        if (record == null) {
            return Owner.OFFLINE;
        }
        synchronized (record) {
            return record.session(ref) == null ? Owner.OFFLINE : record.owner();
        }
    }

    /** Hands a message to the nodes with transient sessions, and returns the shared targets that are no members. Called without any lock. */
    List<SharedTarget> transmit(Message message, Targets targets) {
        if (!targets.nodes().isEmpty()) {
            BusRecord record = new BusRecord.Transmit(message);
            targets.nodes().forEach(node -> members.send(node, node, record));
        }
        List<SharedTarget> missed = new ArrayList<>();
        for (SharedTarget target : targets.shared()) {
            BusRecord record = new BusRecord.TransmitShared(message, target.filter(), 0);
            if (!members.send(target.node(), target.node(), record)) {
                missed.add(target);
            }
        }
        return missed;
    }
}
