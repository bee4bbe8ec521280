package io.mqttparty.internal.memory;

import io.mqttparty.model.ClientId;
import io.mqttparty.spi.Fence;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.Owner;
import io.mqttparty.spi.SessionRef;
import io.mqttparty.spi.SessionStore.PendingWill;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of one client: who owns it, its session if it has one, and wills that are still to be published. A record without session
 * is a stub that waits for the latter. Every method is called with the record's monitor held.
 */
final class SessionRecord {
    private final ClientId client;
    private final PendingWills wills = new PendingWills();
    private long epoch;
    private Owner owner = Owner.OFFLINE;
    private @Nullable Connection connection;
    private @Nullable StoredSession session;
    private long sinceMillis;
    private long expiresAtMillis;
    private boolean removed;

    SessionRecord(ClientId client) {
        this.client = client;
    }

    ClientId client() {
        return client;
    }

    PendingWills wills() {
        return wills;
    }

    long epoch() {
        return epoch;
    }

    Owner owner() {
        return owner;
    }

    long sinceMillis() {
        return sinceMillis;
    }

    /** The connection that owns the session. */
    @Nullable
    Connection connection() {
        return connection;
    }

    /** The session; there is one whenever there is a connection. */
    @Nullable
    StoredSession session() {
        return session;
    }

    /** The session if it is this incarnation. */
    @Nullable
    StoredSession session(SessionRef ref) {
        return session != null && session.ref().equals(ref) ? session : null;
    }

    /** The session if the fence's connection owns it. */
    @Nullable
    StoredSession session(Fence fence) {
        return isOwnedBy(fence) ? session : null;
    }

    private boolean isOwnedBy(Fence fence) {
        return connection != null && connection.token().equals(fence.token());
    }

    void begin(StoredSession created) {
        session = created;
    }

    void endSession() {
        session = null;
    }

    /** A connection becomes the owner. */
    void connect(Connection created, NodeId node, long newEpoch, long nowMillis) {
        connection = created;
        epoch = newEpoch;
        owner = new Owner(Optional.of(node), newEpoch);
        sinceMillis = nowMillis;
    }

    /** The connection ends without a word: anything may have been sent, and its will is to be published. */
    void loseConnection(long nowMillis) {
        if (session != null) {
            session.raiseSentUpTo(session.lastSeq());
        }
        disconnect(true, nowMillis);
    }

    void disconnect(boolean willBecomesPending, long nowMillis) {
        Connection ended = connection;
        if (ended != null && willBecomesPending) {
            ended.will().ifPresent(will -> wills.add(new PendingWill(client, epoch, ended.username(), will)));
        }
        connection = null;
        owner = new Owner(Optional.empty(), epoch);
        sinceMillis = nowMillis;
        if (session != null) {
            session.goOffline();
        }
    }

    /** When the session is over; 0 while it is connected or not there. */
    long expiresAtMillis() {
        return expiresAtMillis;
    }

    void expiresAtMillis(long millis) {
        expiresAtMillis = millis;
    }

    /** Whether the session was to outlive its connection and still does. */
    boolean isResumableAt(long nowMillis) {
        return session != null && session.isPersistent() && !isExpiredAt(nowMillis);
    }

    boolean isExpiredAt(long nowMillis) {
        return expiresAtMillis != 0 && nowMillis >= expiresAtMillis;
    }

    boolean isOffline() {
        return connection == null;
    }

    /** Whether nothing is left to know. */
    boolean isEmpty() {
        return session == null && wills.isEmpty();
    }

    /** Whether it is no longer in the table, so that a change would be lost. */
    boolean isRemoved() {
        return removed;
    }

    void removed() {
        removed = true;
    }
}
