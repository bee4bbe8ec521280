package io.mqttparty.internal.broker;

import io.mqttparty.model.ClientCallException;
import io.mqttparty.model.ClientCallException.Reason;
import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import io.mqttparty.model.MqttPartyException;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicName;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.BusRecord.Outcome;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.Owner;
import io.mqttparty.spi.Presence;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/** What the service around the broker can do with it. Any thread may call it; stages complete on event loops. */
public final class Application {
    private final BrokerRuntime broker;
    private final ClientSender sender;

    /** Of this broker. */
    public Application(BrokerRuntime broker) {
        this.broker = broker;
        this.sender = new ClientSender(broker, this);
    }

    // ---- publish and subscribe ----

    /** Publishes a message as the application; completes when every durable leg has answered. */
    public CompletionStage<PublishOutcome> publish(Message message) {
        CompletableFuture<PublishOutcome> done = broker.promises().keep(new CompletableFuture<>());
        LoopContext home = broker.homeLoop();
        Promises.run(home, done, () -> {
            if (!message.retain()) {
                broker.dispatcher().routeWhenFresh(home, message, new Completion(done));
                return;
            }
            broker.dispatcher().retain(home, message, Optional.empty(), new PublishListener() {
                @Override
                public void onPublished(int ticket, PublishOutcome outcome) {
                    broker.dispatcher().routeWhenFresh(home, message.withRetain(false), new Completion(done));
                }

                @Override
                public void onPublishFailed(int ticket, Throwable cause) {
                    done.completeExceptionally(cause);
                }

                @Override
                public void onPending(int change) {}
            });
        });
        return done;
    }

    private record Completion(CompletableFuture<PublishOutcome> done) implements PublishListener {
        @Override
        public void onPublished(int ticket, PublishOutcome outcome) {
            done.complete(outcome);
        }

        @Override
        public void onPublishFailed(int ticket, Throwable cause) {
            done.completeExceptionally(cause);
        }

        @Override
        public void onPending(int change) {}
    }

    /** Subscribes the application; completes when messages come, with what ends the subscription. */
    public CompletionStage<Runnable> subscribe(Subscription subscription, Consumer<Message> listener) {
        InProcessSubscriber subscriber = new InProcessSubscriber(broker.homeLoop(), listener, broker.log());
        CompletableFuture<Runnable> done = broker.promises().keep(new CompletableFuture<>());
        LoopContext home = broker.homeLoop();
        var unused = broker.routes().subscribe(subscriber, subscription).whenComplete((position, failure) -> {
            if (failure != null) {
                done.completeExceptionally(failure);
                return;
            }
            Promises.run(
                    home,
                    done,
                    () -> broker.gate()
                            .await(
                                    home,
                                    position,
                                    () -> done.complete(() -> {
                                        var unusedGone = broker.routes().unsubscribe(subscriber, subscription.filter());
                                    })));
        });
        return done;
    }

    // ---- clients ----

    /** What is known of a client, if it has a session. */
    public CompletionStage<Optional<Presence.Entry>> find(ClientId client) {
        return presence(presence -> presence.locate(List.of(client))).thenApply(found -> {
            Optional<Presence.Entry> entry = Optional.ofNullable(found.get(client));
            entry.ifPresent(known -> broker.owners().heard(client, known.owner()));
            return entry;
        });
    }

    /** One page of the clients. */
    public CompletionStage<Presence.Page> list(String after, int max) {
        return presence(presence -> presence.list(after, max));
    }

    private <T> CompletableFuture<T> presence(Function<Presence, CompletionStage<T>> question) {
        CompletableFuture<T> answer = broker.promises().keep(new CompletableFuture<>());
        LoopContext home = broker.homeLoop();
        Promises.run(
                home,
                answer,
                () -> SpiCalls.call(
                        home,
                        broker.timeouts().storeNanos(),
                        "presence",
                        () -> question.apply(broker.cluster().presence()),
                        answer::complete,
                        failure -> answer.completeExceptionally(ours("presence", failure))));
        return answer;
    }

    /** A failure of the backend as the application sees it. */
    static Throwable ours(String what, Throwable failure) {
        return failure instanceof MqttPartyException || failure instanceof IllegalArgumentException
                ? failure
                : ClientCallException.unavailable(what + ": " + failure.getMessage(), failure);
    }

    /** Closes the connection of a client, on whichever node; completes with whether there was one. */
    public CompletionStage<Boolean> disconnect(ClientId client) {
        return disconnect(client, true);
    }

    private CompletionStage<Boolean> disconnect(ClientId client, boolean mayLookUpAgain) {
        return find(client).thenCompose(found -> {
            Owner owner = found.map(Presence.Entry::owner).orElse(Owner.OFFLINE);
            NodeId node = owner.node().orElse(null);
            if (node == null) {
                return CompletableFuture.completedFuture(false);
            }
            CompletableFuture<Outcome> closed = node.equals(broker.nodeId())
                    ? broker.promises().keep(broker.orders().disconnect(client, owner.epoch()))
                    : broker.calls()
                            .call(
                                    node,
                                    broker.timeouts().storeNanos(),
                                    () -> new ClientCallException(
                                            Reason.NO_ANSWER,
                                            "the node of client " + client + " did not answer in time"),
                                    id -> new BusRecord.Disconnect(id, client, owner.epoch()));
            return closed.thenCompose(outcome -> switch (outcome) {
                case DONE, ENDED -> CompletableFuture.completedFuture(true);
                case BUSY ->
                    CompletableFuture.failedFuture(
                            new ClientCallException(Reason.TOO_MANY_CALLS, "too many calls are open"));
                default -> mayLookUpAgain ? disconnect(client, false) : CompletableFuture.completedFuture(false);
            });
        });
    }

    /** What became of a message to one client. */
    public enum Sent {
        /** It was handed to the client's connection; acknowledged, if that was asked for. */
        DELIVERED,
        /** It is in the queue of the session and goes out when the client connects. */
        QUEUED,
        /** The client is not connected, and the message was not to be queued or cannot be. */
        OFFLINE,
        /** The client has no session. */
        UNKNOWN_CLIENT
    }

    /**
     * Sends a message to one client, whatever it is subscribed to and wherever it is connected.
     *
     * @param queue whether it may wait for a client that is not connected
     * @param awaitNanos how long the client's PUBACK or PUBCOMP is waited for; 0 if it is not
     * @return who cancels it waits no more
     */
    public CompletableFuture<Sent> send(ClientId client, Message message, boolean queue, long awaitNanos) {
        return sender.send(client, message, queue, awaitNanos);
    }

    /**
     * Sends a message to one client and waits for what it publishes to the reply topic, on whichever node. Who cancels the reply waits no more.
     */
    public CompletableFuture<Message> request(
            ClientId client, Message message, TopicName replyTopic, long timeoutNanos) {
        CompletableFuture<Message> reply = broker.requests().expect(client, replyTopic);
        if (reply.isDone()) {
            return reply;
        }
        Expiry.after(
                broker.homeLoop(),
                timeoutNanos,
                reply,
                () -> new ClientCallException(Reason.NO_ANSWER, "no reply of client " + client + " in time"));
        broker.calls().expect(client, replyTopic, timeoutNanos, reply);
        CompletableFuture<Sent> sent = send(client, message, false, 0);
        var unused = sent.whenComplete((result, failure) -> {
            if (failure != null) {
                unsent(SpiCalls.unwrap(failure), reply);
            } else if (result == Sent.UNKNOWN_CLIENT) {
                fail(reply, Reason.UNKNOWN_CLIENT, "client " + client + " is not known");
            } else if (result == Sent.OFFLINE) {
                fail(reply, Reason.OFFLINE, "client " + client + " is not connected");
            }
        });
        var unusedEnd = reply.whenComplete((came, failure) -> sent.cancel(false));
        return reply;
    }

    /** Its node died or says nothing: if the message is in the queue, the client finds it there, whichever node it comes to. */
    private static void unsent(Throwable failure, CompletableFuture<Message> reply) {
        if (!(failure instanceof ClientCallException call && call.isQueued())) {
            reply.completeExceptionally(failure);
        }
    }

    private static void fail(CompletableFuture<Message> reply, Reason reason, String message) {
        reply.completeExceptionally(new ClientCallException(reason, message));
    }
}
