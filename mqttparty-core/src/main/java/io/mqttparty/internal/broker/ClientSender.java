package io.mqttparty.internal.broker;

import io.mqttparty.internal.broker.Application.Sent;
import io.mqttparty.model.ClientCallException;
import io.mqttparty.model.ClientCallException.Reason;
import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.BusRecord.Outcome;
import io.mqttparty.spi.Correlation;
import io.mqttparty.spi.Leg;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.Owner;
import io.mqttparty.spi.Presence;
import io.mqttparty.spi.SessionStore;
import io.mqttparty.spi.SessionStore.Stored;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Sends messages of the application to single clients, wherever they are connected. At QoS 1 and 2 to a persistent session the message is
 * in its queue before anything else happens; else it is handed to the connection. If the client is not where it was said to be, it is looked up
 * once more.
 */
final class ClientSender {
    private final BrokerRuntime broker;
    private final Application application;

    ClientSender(BrokerRuntime broker, Application application) {
        this.broker = broker;
        this.application = application;
    }

    /**
     * One message to one client.
     *
     * @param queue whether it may wait for a client that is not connected
     * @param await whether the client's acknowledgement is waited for
     * @param deadlineNanos until when, in the time of the home loop
     * @param result what the caller has; if it is done before the message is, nobody waits for that
     */
    private record Order(
            ClientId client,
            Message message,
            boolean queue,
            boolean await,
            long deadlineNanos,
            CompletableFuture<Sent> result) {}

    /**
     * Sends it.
     *
     * @param awaitNanos how long the client's acknowledgement is waited for; 0 if it is not
     */
    CompletableFuture<Sent> send(ClientId client, Message message, boolean queue, long awaitNanos) {
        long deadline = broker.homeLoop().eventLoop().nanoTime() + awaitNanos;
        CompletableFuture<Sent> result = broker.promises().keep(new CompletableFuture<>());
        relay(send(new Order(client, message, queue, awaitNanos > 0, deadline, result), true), result);
        return result;
    }

    private CompletionStage<Sent> send(Order order, boolean mayLookUpAgain) {
        return application.find(order.client()).thenCompose(found -> {
            if (order.result().isDone()) {
                return order.result();
            }
            if (found.isEmpty()) {
                return CompletableFuture.completedFuture(Sent.UNKNOWN_CLIENT);
            }
            Presence.Entry entry = found.get();
            boolean durable = entry.persistent() && order.message().qos() != QoS.AT_MOST_ONCE;
            NodeId node = entry.owner().node().orElse(null);
            if (durable && (node != null || order.queue())) {
                return store(order, new Leg(entry.session(), order.message().qos()));
            }
            return node == null
                    ? CompletableFuture.completedFuture(Sent.OFFLINE)
                    : direct(order, entry, node, mayLookUpAgain);
        });
    }

    // ---- to the connection ----

    private CompletionStage<Sent> direct(Order order, Presence.Entry entry, NodeId node, boolean mayLookUpAgain) {
        Message message = order.message();
        CompletableFuture<Outcome> handed = node.equals(broker.nodeId())
                ? timed(order, false, broker.orders().deliver(entry.session(), message, order.await()))
                : call(
                        order,
                        false,
                        node,
                        id -> new BusRecord.Downlink(
                                id, entry.session(), message, order.await(), travellingMillis(order)));
        return handed.thenCompose(outcome -> {
            if (outcome != Outcome.NOT_OWNER) {
                return finished(order, false, outcome);
            }
            return mayLookUpAgain ? send(order, false) : CompletableFuture.completedFuture(Sent.OFFLINE);
        });
    }

    // ---- into the queue ----

    private CompletionStage<Sent> store(Order order, Leg leg) {
        CompletableFuture<Sent> done = new CompletableFuture<>();
        LoopContext home = broker.homeLoop();
        Promises.run(
                home,
                done,
                () -> SpiCalls.call(
                        home,
                        broker.timeouts().storeNanos(),
                        "session store",
                        () -> enqueue(order.message(), leg),
                        stored -> relay(stored(order, leg, stored), done),
                        failure -> done.completeExceptionally(Application.ours("session store", failure))));
        return done;
    }

    private CompletableFuture<Stored> enqueue(Message message, Leg leg) {
        CompletableFuture<Stored> answer = new CompletableFuture<>();
        broker.sessions().enqueue(message, List.of(leg), new SessionStore.EnqueueCallback() {
            @Override
            public void onStored(int index, long seq, Owner owner, long acknowledgedUpTo) {
                answer.complete(new Stored(seq, owner, acknowledgedUpTo));
            }

            @Override
            public void onFailed(int index, Throwable cause) {
                answer.completeExceptionally(cause);
            }
        });
        return answer;
    }

    private CompletionStage<Sent> stored(Order order, Leg leg, Stored stored) {
        if (stored.seq() < 0) {
            return CompletableFuture.completedFuture(Sent.UNKNOWN_CLIENT);
        }
        return reach(order, leg, stored.seq(), stored.owner(), true);
    }

    /** Tells the owner of the queue, if there is one. */
    private CompletionStage<Sent> reach(Order order, Leg leg, long seq, Owner owner, boolean mayLookUpAgain) {
        NodeId node = owner.node().orElse(null);
        if (node == null) {
            return left(order, leg, seq);
        }
        CompletableFuture<Outcome> watched = node.equals(broker.nodeId())
                ? timed(order, true, broker.orders().watch(leg.session(), seq, order.await()))
                : call(order, true, node, id -> new BusRecord.Watch(id, leg.session(), seq, travellingMillis(order)));
        LoopContext home = broker.homeLoop();
        home.execute(() -> broker.dispatcher().push(home, leg, seq, owner, order.message()));
        boolean mayStay = order.queue() && !order.await();
        return (mayStay ? watched.exceptionally(late -> Outcome.BUSY) : watched).thenCompose(outcome -> {
            if (outcome == Outcome.NOT_OWNER && mayLookUpAgain) {
                return lookUpAgain(order, leg, seq);
            }
            return outcome == Outcome.NOT_OWNER || (mayStay && outcome != Outcome.DONE)
                    ? left(order, leg, seq)
                    : finished(order, true, outcome);
        });
    }

    private CompletionStage<Sent> lookUpAgain(Order order, Leg leg, long seq) {
        return application.find(order.client()).thenCompose(found -> {
            Owner owner = found.filter(entry -> entry.session().equals(leg.session()))
                    .map(Presence.Entry::owner)
                    .orElse(Owner.OFFLINE);
            return reach(order, leg, seq, owner, false);
        });
    }

    /** Nobody is there to be told: the record stays or goes. */
    private CompletionStage<Sent> left(Order order, Leg leg, long seq) {
        if (order.queue()) {
            return CompletableFuture.completedFuture(Sent.QUEUED);
        }
        LoopContext home = broker.homeLoop();
        return home.execute(() -> broker.writeBehind().withdraw(home, leg.session(), seq))
                ? CompletableFuture.completedFuture(Sent.OFFLINE)
                : failed(failure(Reason.UNAVAILABLE, true, "the broker is closed"));
    }

    // ---- what became of it ----

    private CompletableFuture<Outcome> call(
            Order order, boolean stored, NodeId node, Function<Correlation, BusRecord> record) {
        return abandoned(order, broker.calls().call(node, patience(order), () -> late(order, stored), record));
    }

    private CompletableFuture<Outcome> timed(Order order, boolean stored, CompletableFuture<Outcome> outcome) {
        Expiry.after(broker.homeLoop(), patience(order), outcome, () -> late(order, stored));
        return abandoned(order, outcome);
    }

    /** Who cancels the order waits no more. */
    private static CompletableFuture<Outcome> abandoned(Order order, CompletableFuture<Outcome> outcome) {
        var unused = order.result().whenComplete((sent, failure) -> {
            if (order.result().isCancelled()) {
                outcome.cancel(false);
            }
        });
        return outcome;
    }

    private static ClientCallException late(Order order, boolean stored) {
        String what = order.await() ? "has not acknowledged the message" : "was not reached";
        return failure(Reason.NO_ANSWER, stored, "client " + order.client() + " " + what + " in time");
    }

    /** How long the answer of a node is waited for. */
    private long patience(Order order) {
        return order.await() ? Math.max(1, left(order)) : broker.timeouts().storeNanos();
    }

    private long travellingMillis(Order order) {
        return order.await() ? NodeCalls.millis(left(order)) : 0;
    }

    private long left(Order order) {
        return order.deadlineNanos() - broker.homeLoop().eventLoop().nanoTime();
    }

    private static CompletionStage<Sent> finished(Order order, boolean stored, Outcome outcome) {
        String client = "client " + order.client();
        return switch (outcome) {
            case DONE -> CompletableFuture.completedFuture(Sent.DELIVERED);
            case DROPPED ->
                failed(failure(
                        Reason.DROPPED, false, "the message to " + client + " was dropped before it was acknowledged"));
            case ENDED ->
                failed(failure(
                        Reason.CONNECTION_ENDED,
                        stored,
                        "the connection of " + client + " ended before the acknowledgement"));
            case BUSY ->
                failed(failure(Reason.TOO_MANY_CALLS, stored, "too many messages to clients of other nodes are open"));
            case NOT_OWNER -> CompletableFuture.completedFuture(Sent.OFFLINE);
        };
    }

    private static CompletionStage<Sent> failed(ClientCallException failure) {
        return CompletableFuture.failedFuture(failure);
    }

    private static ClientCallException failure(Reason reason, boolean stored, String message) {
        ClientCallException failure = new ClientCallException(reason, message);
        return stored ? failure.whileQueued() : failure;
    }

    private static <T> void relay(CompletionStage<T> from, CompletableFuture<T> to) {
        var unused = from.whenComplete((result, failure) -> {
            if (failure != null) {
                to.completeExceptionally(SpiCalls.unwrap(failure));
            } else {
                to.complete(result);
            }
        });
    }
}
