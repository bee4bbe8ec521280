package io.mqttparty.internal.broker;

import io.mqttparty.internal.session.Effects;
import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import io.mqttparty.model.MqttPartyException;
import io.mqttparty.model.QoS;
import io.mqttparty.model.ReasonCode;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicName;
import io.mqttparty.spi.Leg;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.Owner;
import io.mqttparty.spi.Presence;
import io.mqttparty.spi.SessionStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** What the service around the broker can do with it. Any thread may call it; stages complete on event loops. */
public final class Application {
    private final BrokerRuntime broker;

    /** Of this broker. */
    public Application(BrokerRuntime broker) {
        this.broker = broker;
    }

    // ---- publish and subscribe ----

    /** Publishes a message as the application; completes when every durable leg has answered. */
    public CompletionStage<PublishOutcome> publish(Message message) {
        CompletableFuture<PublishOutcome> done = new CompletableFuture<>();
        LoopContext home = broker.homeLoop();
        home.execute(() -> {
            if (!message.retain()) {
                broker.dispatcher().route(home, message, null, new Completion(done), Effects.NO_TICKET);
                return;
            }
            broker.dispatcher().retain(home, message, Optional.empty(), new PublishListener() {
                @Override
                public void onPublished(int ticket, PublishOutcome outcome) {
                    broker.dispatcher()
                            .route(home, message.withRetain(false), null, new Completion(done), Effects.NO_TICKET);
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
        CompletableFuture<Runnable> done = new CompletableFuture<>();
        var unused = broker.routes().subscribe(subscriber, subscription).whenComplete((position, failure) -> {
            if (failure != null) {
                done.completeExceptionally(failure);
                return;
            }
            broker.homeLoop()
                    .eventLoop()
                    .execute(() -> broker.gate()
                            .await(
                                    broker.homeLoop(),
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
        return broker.cluster().presence().locate(List.of(client)).thenApply((Map<ClientId, Presence.Entry> found) -> {
            Optional<Presence.Entry> entry = Optional.ofNullable(found.get(client));
            entry.ifPresent(known -> broker.owners().heard(client, known.owner()));
            return entry;
        });
    }

    /** One page of the clients. */
    public CompletionStage<Presence.Page> list(String after, int max) {
        return broker.cluster().presence().list(after, max);
    }

    /** Closes the connection of a client on this node; completes with whether there was one. */
    public CompletionStage<Boolean> disconnect(ClientId client) {
        ConnectionDriver connection = broker.local().newest(client);
        if (connection == null) {
            return CompletableFuture.completedFuture(false);
        }
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        connection.loop().execute(() -> {
            boolean open = !connection.isClosed();
            connection.end(ReasonCode.ADMINISTRATIVE_ACTION);
            done.complete(open);
        });
        return done;
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
     * Sends a message to one client, whatever it is subscribed to.
     *
     * @param queue whether it may wait for a client that is not connected
     * @param awaitAcknowledgement whether the stage waits for the client's PUBACK or PUBCOMP
     */
    public CompletionStage<Sent> send(ClientId client, Message message, boolean queue, boolean awaitAcknowledgement) {
        return find(client).thenCompose(entry -> {
            if (entry.isEmpty()) {
                return CompletableFuture.completedFuture(Sent.UNKNOWN_CLIENT);
            }
            boolean durable = entry.get().persistent() && message.qos() != QoS.AT_MOST_ONCE;
            if (!entry.get().owner().isOnline() && !(durable && queue)) {
                return CompletableFuture.completedFuture(Sent.OFFLINE);
            }
            return durable
                    ? sendDurable(entry.get(), message, queue, awaitAcknowledgement)
                    : sendDirect(entry.get(), message, awaitAcknowledgement);
        });
    }

    private CompletionStage<Sent> sendDurable(
            Presence.Entry entry, Message message, boolean queue, boolean awaitAcknowledgement) {
        Leg leg = new Leg(entry.session(), message.qos());
        Sending sending = new Sending(leg, message, queue, awaitAcknowledgement, new CompletableFuture<>());
        LoopContext home = broker.homeLoop();
        broker.sessions().enqueue(message, List.of(leg), new SessionStore.EnqueueCallback() {
            @Override
            public void onStored(int index, long seq, Owner owner, long acknowledgedUpTo) {
                home.execute(() -> {
                    if (seq < 0) {
                        sending.done().complete(Sent.UNKNOWN_CLIENT);
                    } else {
                        stored(sending, seq, owner);
                    }
                });
            }

            @Override
            public void onFailed(int index, Throwable cause) {
                sending.done().completeExceptionally(cause);
            }
        });
        return sending.done();
    }

    private record Sending(
            Leg leg, Message message, boolean queue, boolean awaitAcknowledgement, CompletableFuture<Sent> done) {}

    private void stored(Sending sending, long seq, Owner owner) {
        LoopContext home = broker.homeLoop();
        ConnectionDriver connection =
                broker.local().newest(sending.leg().session().client());
        if (connection != null) {
            connection.loop().execute(() -> stored(sending, seq, owner, connection));
        } else if (owner.node().filter(node -> !node.equals(broker.nodeId())).isPresent()) {
            broker.dispatcher().push(home, sending.leg(), seq, owner, sending.message());
            sending.done().complete(Sent.DELIVERED);
        } else {
            storedForNobody(sending, seq, owner, home);
        }
    }

    private void stored(Sending sending, long seq, Owner owner, ConnectionDriver connection) {
        if (connection.sessionIfAny() == null || connection.isClosed()) {
            storedForNobody(sending, seq, owner, connection.loop());
            return;
        }
        if (sending.awaitAcknowledgement()) {
            connection.session().watches().watch(seq, acknowledgement(connection, sending.done()));
        } else {
            sending.done().complete(Sent.DELIVERED);
        }
        broker.dispatcher().push(connection.loop(), sending.leg(), seq, owner, sending.message());
    }

    /** The client went away meanwhile, or is not there yet. The push is for one that is coming and has read its queue already. */
    private void storedForNobody(Sending sending, long seq, Owner owner, LoopContext loop) {
        if (sending.queue()) {
            broker.dispatcher().push(loop, sending.leg(), seq, owner, sending.message());
            sending.done().complete(Sent.QUEUED);
        } else {
            broker.sessions().withdraw(sending.leg().session(), new long[] {seq});
            sending.done().complete(Sent.OFFLINE);
        }
    }

    private CompletionStage<Sent> sendDirect(Presence.Entry entry, Message message, boolean awaitAcknowledgement) {
        ConnectionDriver connection = broker.local().newest(entry.client());
        if (connection == null) {
            NodeId node = entry.owner().node().orElse(broker.nodeId());
            return node.equals(broker.nodeId())
                    ? CompletableFuture.completedFuture(Sent.OFFLINE)
                    : CompletableFuture.failedFuture(
                            new MqttPartyException("client " + entry.client() + " is connected to node " + node));
        }
        CompletableFuture<Sent> done = new CompletableFuture<>();
        Message copy = message.withRetain(false);
        connection.loop().execute(() -> {
            if (connection.isClosed() || connection.sessionIfAny() == null) {
                done.complete(Sent.OFFLINE);
                return;
            }
            if (awaitAcknowledgement && copy.qos() != QoS.AT_MOST_ONCE) {
                connection.session().watches().watch(copy, acknowledgement(connection, done));
            } else {
                done.complete(Sent.DELIVERED);
            }
            connection.deliver(copy, copy.qos());
        });
        return done;
    }

    /** Completes the caller's stage when the client has acknowledged, and stops watching when the caller has given up. */
    private static CompletableFuture<Void> acknowledgement(ConnectionDriver connection, CompletableFuture<Sent> done) {
        CompletableFuture<Void> acknowledged = new CompletableFuture<>();
        var unusedFinished = acknowledged.whenComplete((nothing, failure) -> {
            if (failure != null) {
                done.completeExceptionally(failure);
            } else {
                done.complete(Sent.DELIVERED);
            }
        });
        var unusedGiven = done.whenComplete((sent, failure) ->
                connection.loop().execute(() -> connection.session().watches().forget(acknowledged)));
        return acknowledged;
    }

    /**
     * Sends a message to one client and waits for what it publishes to the reply topic.
     *
     * @throws IllegalStateException if a reply on that topic is awaited already
     */
    public CompletionStage<Message> request(ClientId client, Message message, TopicName replyTopic, long timeoutNanos) {
        CompletableFuture<Message> reply = broker.requests().expect(client, replyTopic);
        var timer = broker.homeLoop()
                .eventLoop()
                .schedule(
                        timeoutNanos,
                        () -> reply.completeExceptionally(
                                new MqttPartyException("no reply of client " + client + " in time")));
        var unusedTimer = reply.whenComplete((message1, failure) -> timer.cancel());
        var unusedSent = send(client, message, false, false).whenComplete((result, failure) -> {
            if (failure != null) {
                reply.completeExceptionally(failure);
            } else if (result != Sent.DELIVERED) {
                reply.completeExceptionally(new MqttPartyException("client " + client + " is not connected"));
            }
        });
        return reply;
    }
}
