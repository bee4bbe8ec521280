package io.mqttparty.internal.broker;

import io.mqttparty.model.Message;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.BusRecord.Outcome;
import io.mqttparty.spi.Correlation;
import io.mqttparty.spi.Counter;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.transport.EventLoop;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * Serves the calls of other nodes that are about clients of this one. What takes time is kept until it is answered, the caller wants to know no
 * more, its time is over, or the caller is gone; and there is a limit to how much is kept. Called on threads of the bus.
 */
final class NodeService {
    /** How many calls may be open. */
    static final int LIMIT = 10_000;

    private final BrokerRuntime broker;
    private final Map<Key, CompletableFuture<?>> open = new ConcurrentHashMap<>();

    private record Key(NodeId from, Correlation correlation) {}

    NodeService(BrokerRuntime broker) {
        this.broker = broker;
    }

    void onDownlink(NodeId from, BusRecord.Downlink call) {
        serve(
                new Key(from, call.correlation()),
                call.timeoutMillis(),
                () -> broker.orders().deliver(call.session(), call.message(), call.awaitAcknowledgement()));
    }

    void onWatch(NodeId from, BusRecord.Watch call) {
        serve(
                new Key(from, call.correlation()),
                call.timeoutMillis(),
                () -> broker.orders().watch(call.session(), call.seq(), call.timeoutMillis() > 0));
    }

    void onDisconnect(NodeId from, BusRecord.Disconnect call) {
        serve(new Key(from, call.correlation()), 0, () -> broker.orders().disconnect(call.client(), call.epoch()));
    }

    void onExpect(NodeId from, BusRecord.Expect call) {
        Key key = new Key(from, call.correlation());
        if (isFull(key)) {
            return;
        }
        CompletableFuture<Message> reply = broker.requests().expectForOther(call.client(), call.topic());
        keep(key, call.timeoutMillis(), reply);
        var unused = reply.thenAccept(message -> tell(from, new BusRecord.Reply(call.correlation(), message)));
    }

    /** The caller has given up. */
    void onForget(NodeId from, BusRecord.Forget forget) {
        CompletableFuture<?> call = open.get(new Key(from, forget.correlation()));
        if (call != null) {
            call.cancel(false);
        }
    }

    private void serve(Key key, long timeoutMillis, Supplier<CompletableFuture<Outcome>> call) {
        if (isFull(key)) {
            return;
        }
        CompletableFuture<Outcome> outcome = call.get();
        keep(key, timeoutMillis, outcome);
        var unused = outcome.thenAccept(result -> tell(key.from(), new BusRecord.Answer(key.correlation(), result)));
    }

    private boolean isFull(Key key) {
        if (open.size() < LIMIT) {
            return false;
        }
        broker.loops().add(Counter.NODE_CALLS_REFUSED);
        tell(key.from(), new BusRecord.Answer(key.correlation(), Outcome.BUSY));
        return true;
    }

    /** Keeps the call until it is complete; after its time it is dropped without a word, for the caller has given up as well. */
    private void keep(Key key, long timeoutMillis, CompletableFuture<?> call) {
        if (call.isDone()) {
            return;
        }
        open.put(key, call);
        long nanos = timeoutMillis > 0
                ? timeoutMillis * 1_000_000
                : broker.timeouts().storeNanos();
        try {
            EventLoop.Scheduled timer = broker.homeLoop().eventLoop().schedule(nanos, () -> call.cancel(false));
            var unused = call.whenComplete((result, failure) -> timer.cancel());
        } catch (RejectedExecutionException e) {
            call.cancel(false); // the broker is closed
        }
        var unused = call.whenComplete((result, failure) -> open.remove(key));
    }

    private void tell(NodeId node, BusRecord record) {
        broker.links().send(broker.homeLoop(), node, record, () -> {});
    }

    /** Forgets the calls of nodes that are no members any more. */
    void onMembers(Set<NodeId> members) {
        open.forEach((key, call) -> {
            if (!members.contains(key.from())) {
                call.cancel(false);
            }
        });
    }
}
