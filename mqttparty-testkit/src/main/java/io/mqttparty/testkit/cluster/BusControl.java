package io.mqttparty.testkit.cluster;

import io.mqttparty.model.ClientId;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.ClusterBus;
import io.mqttparty.spi.NodeId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The membership of one node and what others send to it: records can wait, be dropped or be lost in a gap, and the lease can be taken away.
 * What the node sends goes through the {@link CallControl} of {@code send}.
 */
public final class BusControl implements ClusterBus {
    private final ClusterBus shared;
    private final Calls calls;
    private final Deque<Delivery> waiting = new ArrayDeque<>();
    private @Nullable Membership current;
    private final List<BusRecord> received = new ArrayList<>();
    private final Set<NodeId> heldSenders = new HashSet<>();
    private Predicate<BusRecord> dropped = record -> false;
    private Predicate<BusRecord> waits = record -> false;
    private boolean holding;

    BusControl(ClusterBus shared, Calls calls) {
        this.shared = shared;
        this.calls = calls;
    }

    private record Delivery(Handler handler, NodeId from, BusRecord record) {
        void run() {
            handler.onRecord(from, record);
        }
    }

    /** One membership; what is sent to one that is over is lost. */
    private final class Membership implements Handler, Lease {
        private final NodeId node;
        private final Handler handler;
        private boolean held = true;
        private boolean over;

        Membership(NodeId node, Handler handler) {
            this.node = node;
            this.handler = handler;
        }

        @Override
        public boolean isHeld() {
            return held;
        }

        @Override
        public void onRecord(NodeId from, BusRecord record) {
            if (over || dropped.test(record)) {
                return;
            }
            received.add(record);
            if (waits.test(record)) {
                heldSenders.add(from);
            }
            waiting.add(new Delivery(handler, from, record));
            if (!holding) {
                deliverAll();
            }
        }

        @Override
        public void onFenced() {
            held = false;
            over = true;
            handler.onFenced();
        }

        @Override
        public void onConnectionLost(NodeId lost, ClientId client) {
            if (!over) {
                handler.onConnectionLost(lost, client);
            }
        }

        @Override
        public void onGap() {
            handler.onGap();
        }

        @Override
        public void onStoreReplaced() {
            handler.onStoreReplaced();
        }
    }

    // ---- the control ----

    /** Records that others send wait from now on. */
    public void hold() {
        holding = true;
    }

    /** Records that fit wait from now on, and all that their senders send after them. */
    public void hold(Predicate<BusRecord> which) {
        waits = which;
    }

    /** Records that wait are handed over in their order, and those that follow at once. */
    public void release() {
        holding = false;
        waits = record -> false;
        heldSenders.clear();
        deliverAll();
    }

    private void deliverAll() {
        for (Delivery next = nextFree(); next != null; next = nextFree()) {
            next.run();
        }
    }

    private @Nullable Delivery nextFree() {
        for (Delivery each : waiting) {
            if (!heldSenders.contains(each.from())) {
                waiting.remove(each);
                return each;
            }
        }
        return null;
    }

    /** All records of this kind that reached the node's inbox, whether they wait there or not. */
    public <T extends BusRecord> List<T> received(Class<T> kind) {
        return received.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** The record that has waited longest is handed over. */
    public void releaseNext() {
        waiting.remove().run();
    }

    /** The records that wait, in their order. */
    public List<BusRecord> waiting() {
        return waiting.stream().map(Delivery::record).toList();
    }

    /** Records that follow and fit are lost, without anybody noticing. */
    public void drop(Predicate<BusRecord> which) {
        dropped = which;
    }

    /** The records that wait are lost, and the node is told that some are. */
    public void gap() {
        waiting.clear();
        membership().onGap();
    }

    /** The node is told that the store was replaced. */
    public void storeReplaced() {
        membership().onStoreReplaced();
    }

    /** The lease is over, and nobody has told the node yet. */
    public void loseLease() {
        membership().held = false;
    }

    /** The lease is over, and the node is told. The others do not know yet: see {@link #reap()}. */
    public void fence() {
        membership().onFenced();
    }

    /** The others notice that the last member that this node was is gone. */
    public void reap() {
        var unused = shared.leave(membership().node);
    }

    private Membership membership() {
        Membership membership = current;
        if (membership == null) {
            throw new AssertionError("the node has never joined (expected: a member)");
        }
        return membership;
    }

    void cutOff() {
        waiting.clear();
        if (current != null) {
            current.held = false;
            current.over = true;
        }
    }

    // ---- the bus ----

    @Override
    public CompletionStage<Lease> join(NodeId node, Handler handler) {
        return calls.of("join").stage(() -> {
            Membership membership = new Membership(node, handler);
            return shared.join(node, membership).thenApply(joined -> {
                current = membership;
                return membership;
            });
        });
    }

    @Override
    public CompletionStage<Void> leave(NodeId node) {
        return calls.isCutOff() ? new CompletableFuture<>() : calls.of("leave").stage(() -> shared.leave(node));
    }

    @Override
    public Set<NodeId> members() {
        return shared.members();
    }

    @Override
    public CompletionStage<Boolean> send(NodeId from, NodeId to, BusRecord record) {
        return calls.isCutOff()
                ? new CompletableFuture<>()
                : calls.of("send").stage(() -> shared.send(from, to, record));
    }
}
