package io.mqttparty.internal.broker;

import io.mqttparty.model.ClientCallException;
import io.mqttparty.model.ClientCallException.Reason;
import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import io.mqttparty.model.TopicName;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.BusRecord.Outcome;
import io.mqttparty.spi.Correlation;
import io.mqttparty.spi.Counter;
import io.mqttparty.spi.NodeId;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;

/** Calls to other nodes whose answers are awaited. Bounded in number and in time. Any thread may call it. */
final class NodeCalls {
    /** How many calls may be open. How many replies are awaited is limited by {@link Requests}. */
    static final int LIMIT = 10_000;

    private final BrokerRuntime broker;
    private final AtomicLong numbers = new AtomicLong();
    private final Map<Correlation, Call> calls = new ConcurrentHashMap<>();
    private final Map<Correlation, CompletableFuture<Message>> replies = new ConcurrentHashMap<>();

    private record Call(NodeId node, CompletableFuture<Outcome> outcome) {}

    NodeCalls(BrokerRuntime broker) {
        this.broker = broker;
    }

    private Correlation newCorrelation() {
        return new Correlation(numbers.incrementAndGet(), broker.ids().randomLong());
    }

    /**
     * Calls another node. Completes with {@link Outcome#NOT_OWNER} if that is gone, and with {@link Outcome#ENDED} if it goes later.
     *
     * @param late the failure if no answer comes in time
     * @param record the call, which carries the correlation
     */
    CompletableFuture<Outcome> call(
            NodeId node,
            long timeoutNanos,
            Supplier<? extends Throwable> late,
            Function<Correlation, BusRecord> record) {
        if (calls.size() >= LIMIT) {
            broker.loops().add(Counter.NODE_CALLS_REFUSED);
            return CompletableFuture.completedFuture(Outcome.BUSY);
        }
        Correlation correlation = newCorrelation();
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        calls.put(correlation, new Call(node, outcome));
        LoopContext home = broker.homeLoop();
        Expiry.after(home, timeoutNanos, outcome, late);
        var unused = outcome.whenComplete((result, failure) -> {
            calls.remove(correlation);
            if (failure != null) {
                tell(node, new BusRecord.Forget(correlation));
            }
        });
        broker.links().send(home, node, record.apply(correlation), () -> outcome.complete(Outcome.NOT_OWNER));
        return outcome;
    }

    void onAnswer(BusRecord.Answer answer) {
        Call call = calls.get(answer.correlation());
        if (call != null) {
            broker.homeLoop().execute(() -> call.outcome().complete(answer.outcome()));
            return;
        }
        CompletableFuture<Message> reply = replies.get(answer.correlation());
        if (reply != null) {
            broker.homeLoop()
                    .execute(() -> reply.completeExceptionally(new ClientCallException(
                            Reason.TOO_MANY_CALLS, "too many requests are open on another node")));
        }
    }

    /**
     * Lets all other members watch for a message of a client, wherever it publishes it, and completes the reply with the first. Stops when
     * the reply is complete.
     */
    void expect(ClientId client, TopicName topic, long timeoutNanos, CompletableFuture<Message> reply) {
        Set<NodeId> members = broker.cluster().bus().members();
        if (members.size() < 2) {
            return;
        }
        Correlation correlation = newCorrelation();
        replies.put(correlation, reply);
        tellOthers(members, new BusRecord.Expect(correlation, client, topic, millis(timeoutNanos)));
        var unused = reply.whenComplete((message, failure) -> {
            replies.remove(correlation);
            tellOthers(members, new BusRecord.Forget(correlation));
        });
    }

    void onReply(BusRecord.Reply came) {
        CompletableFuture<Message> reply = replies.get(came.correlation());
        if (reply != null) {
            broker.homeLoop().execute(() -> reply.complete(came.message()));
        }
    }

    /** Time that is left, as it travels: at least a millisecond, since 0 means that nobody waits. */
    static long millis(long nanos) {
        return Math.max(1, nanos / 1_000_000);
    }

    private void tellOthers(Set<NodeId> members, BusRecord record) {
        for (NodeId node : members) {
            if (!node.equals(broker.nodeId())) {
                tell(node, record);
            }
        }
    }

    private void tell(NodeId node, BusRecord record) {
        broker.links().send(broker.homeLoop(), node, record, () -> {});
    }

    /** Ends the calls to nodes that are no members any more: their connections are gone. */
    void onMembers(Set<NodeId> members) {
        calls.values().forEach(call -> {
            if (!members.contains(call.node())) {
                call.outcome().complete(Outcome.ENDED);
            }
        });
    }

    /** Fails all that is open: no answer can come any more. */
    void failAll(String reason) {
        ClientCallException failure = new ClientCallException(Reason.UNAVAILABLE, reason);
        calls.values().forEach(call -> call.outcome().completeExceptionally(failure));
        replies.values().forEach(reply -> reply.completeExceptionally(failure));
    }
}
