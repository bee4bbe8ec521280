package io.mqttparty.internal.broker;

import io.mqttparty.internal.codec.PacketDecoder;
import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.spi.MessageId;
import io.mqttparty.spi.SessionRef;
import io.mqttparty.spi.transport.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What the connections of one event loop share: their decoder, caches and counters, and the end of each turn, when everything that the turn
 * produced leaves: one task to each other loop, one flush for each socket.
 */
final class LoopContext implements Runnable {
    private static final int POOLED_QUEUES = 256;
    private static final long STORE_LOOK_NANOS = 5_000_000L;
    private static final int POOLED_CAPACITY = 4096;

    private final EventLoop eventLoop;
    private final PacketDecoder decoder;
    private final RouteCache routes;
    private final Counters counters = new Counters();
    private final SplittableRandom random;
    private final Deadlines deadlines;
    private final List<ConnectionOutput> dirty = new ArrayList<>();
    private final Set<ConnectionDriver> heldForBudget = new LinkedHashSet<>();
    private final Set<ConnectionDriver> heldForStore = new LinkedHashSet<>();
    private final IdentityHashMap<LoopContext, DeliveryBatch> outgoing = new IdentityHashMap<>();
    private final ArrayDeque<OutputQueue> idleQueues = new ArrayDeque<>();
    private final UnacceptedConnections unaccepted;
    private final ByteBudget.Share budget;
    private @Nullable Qos0Forwarding forwarding;
    private @Nullable DeepQueues deepQueues;
    private @Nullable MemberPresence memberPresence;
    private boolean endScheduled;
    private long inputAt;

    LoopContext(
            EventLoop eventLoop,
            PacketDecoder decoder,
            RouteCache routes,
            UnacceptedConnections unaccepted,
            ByteBudget budget,
            long seed) {
        this.eventLoop = eventLoop;
        this.decoder = decoder;
        this.routes = routes;
        this.unaccepted = unaccepted;
        this.budget = budget.share(this::scheduleEnd, this::relieveBudget);
        this.random = new SplittableRandom(seed);
        this.deadlines = new Deadlines(eventLoop);
    }

    EventLoop eventLoop() {
        return eventLoop;
    }

    /** Runs a task on the loop; if that is closed, nobody is left whom it could be for, and it does not run. */
    boolean execute(Runnable task) {
        try {
            eventLoop.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** The input that is worked off now came at this time or before: see {@link RouteFreshness#now}. */
    void inputAt(long nanoTime) {
        inputAt = nanoTime;
    }

    long inputAt() {
        return inputAt;
    }

    PacketDecoder decoder() {
        return decoder;
    }

    RouteCache routes() {
        return routes;
    }

    Counters counters() {
        return counters;
    }

    Deadlines deadlines() {
        return deadlines;
    }

    UnacceptedConnections unaccepted() {
        return unaccepted;
    }

    ByteBudget.Share budget() {
        return budget;
    }

    /** Which members of shared subscriptions are connected. */
    MemberPresence memberPresence(BrokerRuntime broker) {
        MemberPresence presence = memberPresence;
        if (presence == null) {
            presence = new MemberPresence(broker, this);
            memberPresence = presence;
        }
        return presence;
    }

    /** QoS 0 for other nodes. */
    Qos0Forwarding forwarding(BrokerRuntime broker) {
        Qos0Forwarding f = forwarding;
        if (f == null) {
            f = new Qos0Forwarding(broker, this);
            forwarding = f;
        }
        return f;
    }

    /** Publishers that wait for clients of other nodes. */
    DeepQueues deepQueues(BrokerRuntime broker) {
        DeepQueues d = deepQueues;
        if (d == null) {
            d = new DeepQueues(broker, this);
            deepQueues = d;
        }
        return d;
    }

    MessageId newMessageId() {
        return new MessageId(random.nextLong(), random.nextLong());
    }

    /** A time around this one, so that what fails together is not repeated together. */
    long jittered(long nanos) {
        return nanos / 2 + random.nextLong(nanos);
    }

    /** The connection has something to do at the end of this turn: {@link ConnectionOutput#endTurn}. Once per turn and connection. */
    void markDirty(ConnectionOutput connection) {
        dirty.add(connection);
        scheduleEnd();
    }

    /** Delivers to a local subscriber, on its own loop. */
    void deliver(LocalSubscriber subscriber, Message message, QoS grant) {
        if (subscriber.loop() == this) {
            subscriber.deliver(message, grant);
        } else {
            outgoing(subscriber.loop()).addDelivery(subscriber, message, grant);
        }
    }

    /** Tells a connection of this node that a record was appended to the queue of its session. */
    void push(ConnectionDriver owner, SessionRef session, long seq, Message message) {
        if (owner.loop() == this) {
            owner.onPushed(session, seq, message);
        } else {
            outgoing(owner.loop()).addPush(owner, session, seq, message);
        }
    }

    private DeliveryBatch outgoing(LoopContext target) {
        DeliveryBatch batch = outgoing.get(target);
        if (batch == null) {
            batch = new DeliveryBatch(target.budget);
            outgoing.put(target, batch);
            scheduleEnd();
        }
        return batch;
    }

    private void scheduleEnd() {
        if (!endScheduled) {
            endScheduled = execute(this);
        }
    }

    /** The end of the turn. */
    @Override
    public void run() {
        endScheduled = false;
        if (!outgoing.isEmpty()) {
            outgoing.forEach(this::handOver);
            outgoing.clear();
        }
        for (int i = 0; i < dirty.size(); i++) {
            dirty.get(i).endTurn();
        }
        dirty.clear();
        budget.settle();
        if (!heldForBudget.isEmpty() && !budget.isExhausted()) {
            relieveBudget(); // it was exhausted within this turn only
        }
    }

    private void handOver(LoopContext target, DeliveryBatch batch) {
        if (target.execute(batch)) {
            budget.add(batch.bytes());
        }
    }

    /** Does not read this publisher until the budget of the broker has room. */
    void holdForBudget(ConnectionDriver publisher) {
        publisher.pressure().holdPublisher(Pressure.BUDGET);
        heldForBudget.add(publisher);
    }

    /** The budget has room again; any thread. */
    void relieveBudget() {
        execute(() -> {
            List<ConnectionDriver> held = List.copyOf(heldForBudget);
            heldForBudget.clear();
            held.forEach(publisher -> publisher.pressure().release(Pressure.BUDGET));
        });
    }

    /** Does not read this publisher until the session store has answered more of what it was asked. */
    void holdForStore(ConnectionDriver publisher) {
        publisher.pressure().holdPublisher(Pressure.STORE);
        if (heldForStore.isEmpty()) {
            lookAtStoreLater(publisher.broker());
        }
        heldForStore.add(publisher);
    }

    private void lookAtStoreLater(BrokerRuntime broker) {
        var unused = eventLoop.schedule(STORE_LOOK_NANOS, () -> {
            if (heldForStore.isEmpty()) {
                return;
            }
            if (broker.isBackendCongested()) {
                lookAtStoreLater(broker);
                return;
            }
            List<ConnectionDriver> held = List.copyOf(heldForStore);
            heldForStore.clear();
            held.forEach(publisher -> publisher.pressure().release(Pressure.STORE));
        });
    }

    void closed(ConnectionDriver connection) {
        heldForBudget.remove(connection);
        heldForStore.remove(connection);
    }

    OutputQueue takeQueue() {
        OutputQueue queue = idleQueues.poll();
        return queue == null ? new OutputQueue() : queue;
    }

    void giveBack(OutputQueue queue) {
        if (idleQueues.size() < POOLED_QUEUES && queue.capacity() <= POOLED_CAPACITY) {
            idleQueues.push(queue);
        }
    }
}
