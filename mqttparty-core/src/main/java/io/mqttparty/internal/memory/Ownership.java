package io.mqttparty.internal.memory;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.MqttPartyException;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.Fence;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.Owner;
import io.mqttparty.spi.SessionRef;
import io.mqttparty.spi.SessionStore;
import io.mqttparty.spi.SessionStore.AttachRequest;
import io.mqttparty.spi.SessionStore.Attached;
import io.mqttparty.spi.SessionStore.Detach;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who owns a session: attach, detach, and what ends a session. */
final class Ownership {
    private final SessionTable table;
    private final MemoryRouteLog routes;
    private final Members members;
    private final InstantSource clock;

    Ownership(SessionTable table, MemoryRouteLog routes, Members members, InstantSource clock) {
        this.table = table;
        this.routes = routes;
        this.members = members;
        this.clock = clock;
    }

    // ---- attach ----

    /** Makes a connection the owner; throws if its node is no member, so that no session is owned by a node that does not exist. */
    Attached attach(AttachRequest request) {
        checkMember(request.node());
        Takeover takeover = claim(request);
        if (!members.contains(request.node())) { // it left meanwhile, perhaps before it could be seen to own this
            detach(takeover.attached.fence(), Detach.CLEAN, 0);
            throw noMember(request.node());
        }
        if (takeover.kick != null && takeover.kicked != null) {
            members.send(request.node(), takeover.kicked, takeover.kick);
        }
        routes.deliver();
        return takeover.attached;
    }

    private Takeover claim(AttachRequest request) {
        synchronized (table.stepLock(request.client())) {
            return table.onRecord(request.client(), record -> claim(record, request));
        }
    }

    private Takeover claim(SessionRecord record, AttachRequest request) {
        Connection current = record.connection();
        if (current != null && current.token().equals(request.token())) {
            return new Takeover(answer(record, current, request.window()), null, null);
        }
        long now = clock.millis();
        Owner before = record.owner();
        if (current != null) {
            record.loseConnection(now);
        }
        StoredSession session = record.session();
        boolean present = !request.cleanSession() && record.isResumableAt(now); // [MQTT-3.1.2-4] [MQTT-3.1.2-6]
        if (session == null || !present) {
            endSession(record);
            session = new StoredSession(new SessionRef(request.client(), request.token()), request.expirySeconds());
            record.begin(session);
        }
        session.expirySeconds(request.expirySeconds());
        Optional<Owner> previous = current == null ? Optional.empty() : Optional.of(before);
        Connection connection = new Connection(
                request.token(),
                request.username(),
                request.node(),
                request.will(),
                present,
                session.sentUpTo(),
                previous);
        record.connect(connection, request.node(), table.nextEpoch(record, now), now);
        table.settle(record);
        Attached attached = answer(record, connection, request.window());
        return current == null
                ? new Takeover(attached, null, null)
                : new Takeover(
                        attached,
                        current.node(),
                        new BusRecord.Kick(request.client(), before.epoch(), request.node())); // [MQTT-3.1.4-2]
    }

    private static Attached answer(SessionRecord record, Connection connection, int window) {
        StoredSession session = record.session();
        if (session == null) {
            throw new IllegalStateException("session: none (expected: one for each connection)");
        }
        return new Attached(
                new Fence(record.client(), connection.token(), record.epoch()),
                session.ref(),
                connection.present(),
                session.lastSeq(),
                connection.dupUpTo(),
                session.read(SessionStore.FIRST_SEQ - 1, window),
                session.released(),
                session.inbound().states(),
                session.subscriptions().all(),
                session.subscriptions().cursors(),
                record.wills().all(),
                connection.previous());
    }

    private void checkMember(NodeId node) {
        if (!members.contains(node)) {
            throw noMember(node);
        }
    }

    private static MqttPartyException noMember(NodeId node) {
        return new MqttPartyException("node: " + node + " (expected: a member of the cluster)");
    }

    // ---- detach ----

    FenceResult detach(Fence fence, Detach how, long sentUpTo) {
        SessionRecord record = table.find(fence.client());
        if (record == null) {
            return FenceResult.STALE;
        }
        FenceResult result;
        synchronized (record) {
            result = detach(record, fence, how, sentUpTo);
            table.settle(record);
        }
        routes.deliver();
        return result;
    }

    private FenceResult detach(SessionRecord record, Fence fence, Detach how, long sentUpTo) {
        StoredSession session = record.session(fence);
        if (session == null) {
            if (how == Detach.CLEAN) { // DISCONNECT was overtaken by the next CONNECT
                record.wills().remove(fence.epoch()); // [MQTT-3.14.4-3]
            }
            return FenceResult.STALE;
        }
        session.raiseSentUpTo(Math.min(sentUpTo, session.lastSeq()));
        record.disconnect(how == Detach.LOST, clock.millis());
        if (!session.isPersistent()) {
            endSession(record);
        }
        return FenceResult.OK;
    }

    /** Ends the connections of a node that is gone; says whose. */
    List<ClientId> loseAll(NodeId node) {
        List<ClientId> lost = new ArrayList<>();
        for (SessionRecord record : table.all()) {
            synchronized (record) {
                Connection connection = record.connection();
                if (connection != null && connection.node().equals(node)) {
                    lose(record);
                    table.settle(record);
                    lost.add(record.client());
                }
            }
        }
        return lost;
    }

    private void lose(SessionRecord record) {
        StoredSession session = record.session();
        record.loseConnection(clock.millis());
        if (session != null && !session.isPersistent()) {
            endSession(record);
        }
    }

    // ---- the end ----

    /** Ends the session of a client if it has expired. */
    boolean expire(ClientId client) {
        SessionRecord record = table.find(client);
        if (record == null) {
            return false;
        }
        synchronized (record) {
            if (!record.isExpiredAt(clock.millis())) {
                return false;
            }
            endSession(record);
            table.settle(record);
            return true;
        }
    }

    private void endSession(SessionRecord record) {
        StoredSession session = record.session();
        if (session != null) {
            routes.sessionGone(session.ref());
            record.endSession();
        }
    }

    /**
     * A finished attach, and who is to be told.
     *
     * @param attached the answer
     * @param kicked the node of the owner before
     * @param kick what it is told
     */
    private record Takeover(Attached attached, @Nullable NodeId kicked, BusRecord.@Nullable Kick kick) {}
}
