package io.mqttparty.internal.memory;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.Will;
import io.mqttparty.spi.Fence;
import io.mqttparty.spi.MessageId;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.Owner;
import io.mqttparty.spi.SessionRef;
import io.mqttparty.spi.SessionStore;
import io.mqttparty.spi.SessionStore.PendingWill;
import io.mqttparty.spi.SessionStore.Qos2InState;
import io.mqttparty.spi.SessionStore.RetainedCursor;
import io.mqttparty.spi.Token;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is kept of one client. Without a session it is a stub for wills that are not published yet. All access holds its monitor.
 */
final class SessionRecord {
    /** A will whose connection is over. */
    static final class Pending {
        final Will will;
        boolean retainedWritten;

        Pending(Will will) {
            this.will = will;
        }
    }

    /** An open inbound QoS 2 exchange. */
    static final class Inbound {
        final MessageId messageId;
        Qos2InState state;

        Inbound(MessageId messageId, Qos2InState state) {
            this.messageId = messageId;
            this.state = state;
        }
    }

    final ClientId client;
    /** The record was taken out of the map: whoever holds it looks again. */
    boolean removed;

    @Nullable
    NodeId owner;

    @Nullable
    Token token;

    @Nullable
    Token incarnation;

    long epoch;
    long expirySeconds;
    long sinceMillis;
    boolean present;
    /** The previous owner left without detach: everything may have been sent. */
    boolean leftWithoutDetach;

    @Nullable
    Owner previous;

    long sentUpTo;
    long dupUpTo;

    @Nullable
    Will will;

    final Map<TopicFilter, Subscription> subscriptions = new LinkedHashMap<>(2);
    private @Nullable TreeMap<Long, Pending> pendingWills;
    private @Nullable MessageQueue queue;
    private @Nullable TreeSet<Long> released;
    private @Nullable Map<Integer, Inbound> inbound;
    private @Nullable List<RetainedCursor> cursors;

    SessionRecord(ClientId client) {
        this.client = client;
    }

    boolean exists() {
        return incarnation != null;
    }

    boolean is(SessionRef ref) {
        return ref.incarnation().equals(incarnation);
    }

    boolean holds(Fence fence) {
        return fence.token().equals(token);
    }

    boolean isPersistent() {
        return expirySeconds > 0;
    }

    boolean isExpiredAt(long nowMillis) {
        return exists() && owner == null && nowMillis >= sinceMillis + expirySeconds * 1000;
    }

    SessionRef ref() {
        Token inc = incarnation;
        if (inc == null) {
            throw new IllegalStateException("no session");
        }
        return new SessionRef(client, inc);
    }

    Owner owner() {
        return new Owner(Optional.ofNullable(owner), epoch);
    }

    /** Deletes the session; wills that are pending stay. */
    void clear() {
        incarnation = null;
        owner = null;
        token = null;
        will = null;
        previous = null;
        sentUpTo = 0;
        leftWithoutDetach = false;
        subscriptions.clear();
        queue = null;
        released = null;
        inbound = null;
        cursors = null;
    }

    // ---- wills ----

    /** The will of the live connection is pending from now on. */
    void suspendWill() {
        if (will != null) {
            TreeMap<Long, Pending> pending = pendingWills;
            if (pending == null) {
                pending = new TreeMap<>();
                pendingWills = pending;
            }
            pending.put(epoch, new Pending(will));
            will = null;
        }
    }

    @Nullable
    Pending pendingWill(long ofEpoch) {
        return pendingWills == null ? null : pendingWills.get(ofEpoch);
    }

    void dropPendingWill(long ofEpoch) {
        if (pendingWills != null) {
            pendingWills.remove(ofEpoch);
            if (pendingWills.isEmpty()) {
                pendingWills = null;
            }
        }
    }

    boolean hasPendingWills() {
        return pendingWills != null;
    }

    List<PendingWill> pendingWills() {
        List<PendingWill> wills = new ArrayList<>();
        if (pendingWills != null) {
            pendingWills.forEach((ofEpoch, pending) -> wills.add(new PendingWill(client, ofEpoch, pending.will)));
        }
        return wills;
    }

    // ---- queue ----

    MessageQueue queue(MemoryBackend.Config config) {
        MessageQueue q = queue;
        if (q == null) {
            q = new MessageQueue(config.queueMessages(), config.queueBytes());
            queue = q;
        }
        return q;
    }

    @Nullable
    MessageQueue queueIfAny() {
        return queue;
    }

    long append(MemoryBackend.Config config, Message message) {
        return queue(config).append(message);
    }

    long lastSeq() {
        return queue == null ? SessionStore.FIRST_SEQ - 1 : queue.lastSeq();
    }

    long acknowledgedUpTo() {
        return queue == null ? SessionStore.FIRST_SEQ - 1 : queue.acknowledgedUpTo();
    }

    java.util.Set<Long> released() {
        TreeSet<Long> r = released;
        if (r == null) {
            r = new TreeSet<>();
            released = r;
        }
        return r;
    }

    List<Long> releasedSeqs() {
        return released == null ? List.of() : List.copyOf(released);
    }

    // ---- inbound QoS 2 ----

    Map<Integer, Inbound> inbound() {
        Map<Integer, Inbound> in = inbound;
        if (in == null) {
            in = new LinkedHashMap<>();
            inbound = in;
        }
        return in;
    }

    Map<Integer, Qos2InState> inboundStates() {
        Map<Integer, Qos2InState> states = new LinkedHashMap<>();
        if (inbound != null) {
            inbound.forEach((packetId, entry) -> states.put(packetId, entry.state));
        }
        return states;
    }

    // ---- retained messages that are still to be queued ----

    List<RetainedCursor> cursors() {
        List<RetainedCursor> c = cursors;
        if (c == null) {
            c = new ArrayList<>(1);
            cursors = c;
        }
        return c;
    }

    List<RetainedCursor> openCursors() {
        return cursors == null ? List.of() : List.copyOf(cursors);
    }
}
