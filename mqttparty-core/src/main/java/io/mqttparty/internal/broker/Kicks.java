package io.mqttparty.internal.broker;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.ReasonCode;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.NodeId;

/**
 * Takeover: when a client attaches, its older connections are closed [MQTT-3.1.4-2], here or on another node, and answer when their session
 * has ended.
 */
final class Kicks {
    /**
     * How long CONNACK waits for the end of an older connection that has a will: see docs/adr/0006. Whether its node lives is not asked: one that has
     * joined a moment ago may not be known here yet.
     */
    static final long WAIT_NANOS = 300_000_000L;
    /**
     * How long a connection with a will lives on after a kick: a DISCONNECT that was sent before the new CONNECT lies in its socket by then, and
     * is read first.
     */
    static final long GRACE_NANOS = 1_000_000L;

    private final BrokerRuntime broker;

    Kicks(BrokerRuntime broker) {
        this.broker = broker;
    }

    /** A {@link BusRecord.Kick} came, on any thread. */
    void onKick(BusRecord.Kick kick) {
        ConnectionDriver[] known = broker.local().of(kick.client());
        if (known.length == 0) {
            reply(kick.replyTo(), kick.client(), kick.epoch());
            return;
        }
        KickAnswer answer = new KickAnswer(known.length, () -> reply(kick.replyTo(), kick.client(), kick.epoch()));
        for (ConnectionDriver connection : known) {
            send(connection, kick.epoch(), answer);
        }
    }

    private void send(ConnectionDriver connection, long epoch, KickAnswer answer) {
        if (!connection.loop().execute(() -> kick(connection, epoch, answer))) {
            answer.done();
        }
    }

    /** A {@link BusRecord.Kicked} came, on any thread. */
    void onKicked(BusRecord.Kicked kicked) {
        for (ConnectionDriver connection : broker.local().of(kicked.client())) {
            connection.loop().execute(() -> {
                ConnectFlow connecting = connection.connecting();
                if (connecting != null) {
                    connecting.onKicked(kicked.epoch());
                }
            });
        }
    }

    private void kick(ConnectionDriver connection, long epoch, KickAnswer answer) {
        ConnectFlow connecting = connection.connecting();
        if (connecting != null) {
            connecting.onKick(epoch, answer);
            return;
        }
        LiveSession session = connection.sessionIfAny();
        if (session == null || session.fence.epoch() > epoch || !session.onKick(answer)) {
            answer.done();
        } else if (connection.isClosed()) {
            connection.pressure().settle(); // DISCONNECT came: its detach waits for publishes no longer
        } else if (session.will.isPresent()) {
            var unused = connection
                    .loop()
                    .eventLoop()
                    .schedule(GRACE_NANOS, () -> connection.end(ReasonCode.SESSION_TAKEN_OVER));
        } else {
            connection.end(ReasonCode.SESSION_TAKEN_OVER);
        }
    }

    /** Closes older connections of the client on this node, whether or not their kick arrived, and says when each has ended. */
    void closeOlder(ClientId client, ConnectionDriver newest, long epoch) {
        for (ConnectionDriver connection : broker.local().of(client)) {
            if (connection != newest) {
                send(connection, epoch, new KickAnswer(1, () -> ended(connection)));
            }
        }
    }

    private void ended(ConnectionDriver connection) {
        LiveSession session = connection.sessionIfAny();
        if (session != null && connection.isClosed()) {
            onKicked(new BusRecord.Kicked(session.clientId(), session.fence.epoch()));
        }
    }

    /** Tells the node that took over that the session has ended here. */
    private void reply(NodeId replyTo, ClientId client, long epoch) {
        var unused = broker.cluster().bus().send(broker.nodeId(), replyTo, new BusRecord.Kicked(client, epoch));
    }
}
