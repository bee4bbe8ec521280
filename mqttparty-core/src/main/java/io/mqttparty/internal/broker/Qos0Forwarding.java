package io.mqttparty.internal.broker;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.Counter;
import io.mqttparty.spi.DropReason;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.Presence;
import io.mqttparty.spi.SessionRef;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * QoS 0 from publishers of one loop to persistent sessions that are not connected to this node. If the node of the client is known, the message
 * is sent there; else it is looked up, and what follows for that client waits behind it, so that the order of a publisher holds. Nothing is sent
 * twice: a node that has not got the client drops the message and says so. Confined to its loop.
 */
final class Qos0Forwarding {
    /** How many messages may wait for look-ups, and how many of them for one client. */
    static final int MAX_WAITING = 10_000;

    static final int MAX_WAITING_FOR_CLIENT = 256;

    private static final int ENTRY_BYTES = 64;

    private final BrokerRuntime broker;
    private final LoopContext loop;
    private final Map<ClientId, ArrayDeque<Waiting>> waiting = new HashMap<>();
    private List<ClientId> unasked = new ArrayList<>();
    private int waitingCount;

    private record Waiting(SessionRef session, Message message) {}

    Qos0Forwarding(BrokerRuntime broker, LoopContext loop) {
        this.broker = broker;
        this.loop = loop;
    }

    /** Takes a message for a session that has no connection here: {@code true} if it is on its way to the client's node. */
    boolean forward(SessionRef session, Message message) {
        ClientId client = session.client();
        ArrayDeque<Waiting> before = waiting.isEmpty() ? null : waiting.get(client);
        NodeId node = before == null ? broker.owners().nodeOf(client) : null;
        if (node == null) {
            keep(session, message, before);
            return false;
        }
        send(node, session, message);
        return true;
    }

    private void keep(SessionRef session, Message message, @Nullable ArrayDeque<Waiting> before) {
        ClientId client = session.client();
        if (waitingCount >= MAX_WAITING || (before != null && before.size() >= MAX_WAITING_FOR_CLIENT)) {
            broker.dropped(loop, client, message.topic(), DropReason.OWNER_UNKNOWN);
            return;
        }
        ArrayDeque<Waiting> queue = before;
        if (queue == null) {
            queue = new ArrayDeque<>(4);
            waiting.put(client, queue);
            if (unasked.isEmpty()) {
                loop.execute(this::ask); // after the input of this turn: one call for all that it brings
            }
            unasked.add(client);
        }
        queue.add(new Waiting(session, message));
        waitingCount++;
        loop.budget().add(bytes(message));
    }

    private void ask() {
        List<ClientId> asked = unasked;
        unasked = new ArrayList<>();
        loop.counters().add(Counter.OWNER_LOOKUPS, asked.size());
        SpiCalls.call(
                loop,
                broker.timeouts().storeNanos(),
                "presence",
                () -> broker.cluster().presence().locate(asked),
                found -> asked.forEach(client -> release(client, found.get(client), DropReason.OFFLINE_QOS0)),
                failure -> {
                    broker.log().backendFailed("presence", failure);
                    asked.forEach(client -> release(client, null, DropReason.OWNER_UNKNOWN));
                });
    }

    /** The answer is there: what waited for this client goes where it is, or nowhere. */
    private void release(ClientId client, Presence.@Nullable Entry entry, DropReason otherwise) {
        ArrayDeque<Waiting> queue = waiting.remove(client);
        if (queue == null) {
            return;
        }
        waitingCount -= queue.size();
        if (entry != null) {
            broker.owners().heard(client, entry.owner());
        }
        for (Waiting each : queue) {
            loop.budget().add(-bytes(each.message()));
            if (entry == null || !entry.session().equals(each.session())) {
                broker.dropped(loop, client, each.message().topic(), otherwise);
            } else {
                release(each, entry, otherwise);
            }
        }
    }

    private void release(Waiting each, Presence.Entry entry, DropReason otherwise) {
        NodeId node = entry.owner().node().orElse(null);
        ConnectionDriver local = broker.local().newest(entry.client());
        if (local != null) { // it came here meanwhile
            loop.deliver(local, each.message(), QoS.AT_MOST_ONCE);
        } else if (node == null || node.equals(broker.nodeId())) {
            broker.dropped(loop, entry.client(), each.message().topic(), otherwise);
        } else {
            send(node, each.session(), each.message());
        }
    }

    private void send(NodeId node, SessionRef session, Message message) {
        loop.counters().add(Counter.QOS0_FORWARDED);
        broker.links().send(loop, node, new BusRecord.Forward(session, message.withQos(QoS.AT_MOST_ONCE)), () -> {
            broker.owners().forget(session.client(), node);
            broker.dropped(loop, session.client(), message.topic(), DropReason.MOVED_QOS0);
        });
    }

    private static long bytes(Message message) {
        return (long) message.payload().size() + message.topic().utf8Length() + ENTRY_BYTES;
    }
}
