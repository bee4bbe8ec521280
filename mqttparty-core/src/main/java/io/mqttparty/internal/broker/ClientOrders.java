package io.mqttparty.internal.broker;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.model.ReasonCode;
import io.mqttparty.spi.BusRecord.Outcome;
import io.mqttparty.spi.SessionRef;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * What an application asks of one client that is connected to this node; the application may be on another node. Any thread may call it. The
 * futures complete on event loops; who completes one first has given up, and nothing waits for it any more.
 */
final class ClientOrders {
    private final BrokerRuntime broker;

    ClientOrders(BrokerRuntime broker) {
        this.broker = broker;
    }

    /** Hands a message to the client, past the queue of its session. */
    CompletableFuture<Outcome> deliver(SessionRef session, Message message, boolean awaitAcknowledgement) {
        return order(session, (connection, done) -> {
            Message copy = message.withDeadlineMillis(message.deadlineMillis()); // waited for by its identity
            if (awaitAcknowledgement && copy.qos() != QoS.AT_MOST_ONCE) {
                watches(connection, done).watch(copy, done);
            } else {
                done.complete(Outcome.DONE);
            }
            connection.deliver(copy, copy.qos());
        });
    }

    /** Says whether the session is connected here or, if asked to wait for it, what became of a record of its queue. */
    CompletableFuture<Outcome> watch(SessionRef session, long seq, boolean awaitAcknowledgement) {
        return order(session, (connection, done) -> {
            if (!awaitAcknowledgement) {
                done.complete(Outcome.DONE);
            } else if (connection.session().wasDropped(seq)) {
                done.complete(Outcome.DROPPED);
            } else if (connection.machine().isFinished(seq)) {
                done.complete(Outcome.DONE);
            } else {
                watches(connection, done).watch(seq, done);
            }
        });
    }

    private static Watches watches(ConnectionDriver connection, CompletableFuture<Outcome> done) {
        Watches watches = connection.session().watches();
        var unused = done.whenComplete((outcome, failure) -> {
            if (failure != null) {
                connection.loop().execute(() -> watches.forget(done));
            }
        });
        return watches;
    }

    /** Closes the client's connection unless it is a later one than that with this epoch. */
    CompletableFuture<Outcome> disconnect(ClientId client, long epoch) {
        CompletableFuture<Outcome> done = new CompletableFuture<>();
        onConnection(client, done, connection -> {
            LiveSession session = connection.sessionIfAny();
            if (connection.isClosed() || (session != null && session.fence.epoch() > epoch)) {
                done.complete(Outcome.NOT_OWNER);
            } else {
                connection.end(ReasonCode.ADMINISTRATIVE_ACTION);
                done.complete(Outcome.DONE);
            }
        });
        return done;
    }

    private CompletableFuture<Outcome> order(
            SessionRef session, BiConsumer<ConnectionDriver, CompletableFuture<Outcome>> action) {
        CompletableFuture<Outcome> done = new CompletableFuture<>();
        onConnection(session.client(), done, connection -> perform(connection, session, action, done));
        return done;
    }

    private void onConnection(ClientId client, CompletableFuture<Outcome> done, Consumer<ConnectionDriver> action) {
        ConnectionDriver connection = broker.local().newest(client);
        if (connection == null || !connection.loop().execute(() -> action.accept(connection))) {
            done.complete(Outcome.NOT_OWNER);
        }
    }

    private void perform(
            ConnectionDriver connection,
            SessionRef session,
            BiConsumer<ConnectionDriver, CompletableFuture<Outcome>> action,
            CompletableFuture<Outcome> done) {
        LiveSession live = connection.sessionIfAny();
        ConnectFlow connecting = connection.connecting();
        if (live == null && connecting != null) { // it owns the session, or is about to
            connecting.whenDone(() -> perform(connection, session, action, done));
        } else if (live == null || connection.isClosed() || !live.ref.equals(session)) {
            done.complete(Outcome.NOT_OWNER);
        } else {
            action.accept(connection, done);
        }
    }
}
