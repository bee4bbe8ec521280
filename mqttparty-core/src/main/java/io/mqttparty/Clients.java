package io.mqttparty;

import static java.util.Objects.requireNonNull;

import io.mqttparty.internal.broker.Application;
import io.mqttparty.model.ClientCallException;
import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import io.mqttparty.model.MqttPartyException;
import io.mqttparty.model.Payload;
import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicName;
import io.mqttparty.spi.Presence;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The clients, one by one: look up, list, disconnect, send to, ask. A client may be connected to any node of the cluster: every method finds it and
 * does what it says there. All methods may be called from any thread; their stages complete on event loops, so what follows on them must not
 * block. A stage fails with {@link ClientCallException}, or with another {@link MqttPartyException} if the backend does. Who cancels the future of a
 * stage waits no more; what was sent by then stays sent.
 */
public final class Clients {
    private final Application application;
    private final InstantSource clock;

    Clients(Application application, InstantSource clock) {
        this.application = application;
        this.clock = clock;
    }

    /** What is known of a client, if it has a session. */
    public CompletionStage<Optional<Presence.Entry>> find(ClientId client) {
        return application.find(requireNonNull(client, "client"));
    }

    /**
     * One page of the clients that have a session.
     *
     * @param after {@link Presence.Page#next()} of the page before; empty for the first
     * @param max how many at most, 1 to 10,000
     */
    public CompletionStage<Presence.Page> list(String after, int max) {
        if (max < 1 || max > 10_000) {
            throw new IllegalArgumentException("max: " + max + " (expected: 1 to 10000)");
        }
        return application.list(requireNonNull(after, "after"), max);
    }

    /** Closes the connection of a client to any node; its will is published. Completes with whether it was connected. */
    public CompletionStage<Boolean> disconnect(ClientId client) {
        return application.disconnect(requireNonNull(client, "client"));
    }

    /**
     * Sends a message to one client, whatever it is subscribed to and to whichever node it is connected. At QoS 1 and 2 to a session that outlives its
     * connection the message goes through the queue of the session, otherwise past it. The retain flag of the message must not be set.
     *
     * <p>If the acknowledgement is awaited and the stage fails because the connection ended or the time was over, a message that went through the queue
     * stays there and is delivered later: {@link ClientCallException#isQueued()}.
     */
    public CompletionStage<SendResult> send(ClientId client, Message message, SendOptions options) {
        requireNonNull(client, "client");
        if (message.retain()) {
            throw new IllegalArgumentException("message: is retained (expected: not, it is for one client)");
        }
        Message sent = options.ttl().isZero()
                ? message
                : message.withDeadlineMillis(clock.millis() + options.ttl().toMillis());
        CompletableFuture<Application.Sent> call = application.send(
                client,
                sent,
                options.queue(),
                options.awaitAcknowledgement() ? options.timeout().toNanos() : 0);
        CompletableFuture<SendResult> result = call.thenApply(Clients::result);
        var unused = result.whenComplete((done, failure) -> call.cancel(false)); // if the caller has cancelled it
        return result;
    }

    private static SendResult result(Application.Sent sent) {
        return switch (sent) {
            case DELIVERED -> SendResult.DELIVERED;
            case QUEUED -> SendResult.QUEUED;
            case OFFLINE -> SendResult.OFFLINE;
            case UNKNOWN_CLIENT -> SendResult.UNKNOWN_CLIENT;
        };
    }

    /**
     * Sends a message at QoS 1 to a connected client and completes with the next message that it publishes to the reply topic, which is routed as
     * usual too. The client may be connected to any node, and may publish the reply through another one than it got the request from; of a node that
     * joins while the request is open the reply is not seen. Fails if the client is not connected or does not answer in time; a request that has
     * not reached the client by then does not reach it later. Give each request a reply topic of its own: a second one of this node for the same client
     * and topic fails, and of two of different nodes both complete with the same reply.
     */
    public CompletionStage<Message> request(
            ClientId client, TopicName topic, Payload payload, TopicName replyTopic, Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout: " + timeout + " (expected: longer than nothing)");
        }
        Message message = new Message(topic, payload, QoS.AT_LEAST_ONCE, false)
                .withDeadlineMillis(clock.millis() + Math.max(1, timeout.toMillis()));
        return application.request(
                requireNonNull(client, "client"), message, requireNonNull(replyTopic, "replyTopic"), timeout.toNanos());
    }

    /** What became of a message to one client. */
    public enum SendResult {
        /** Handed to the client's connection; acknowledged by the client, if that was asked for. */
        DELIVERED,
        /** In the queue of the session; it goes out when the client connects. */
        QUEUED,
        /** The client is not connected, and the message was not to be queued, or is at QoS 0, or the session is transient. */
        OFFLINE,
        /** The client has no session. */
        UNKNOWN_CLIENT
    }

    /**
     * How a message is sent to one client.
     *
     * @param ttl how long it may be delivered; zero for ever
     * @param queue whether it may wait in the session's queue while the client is not connected
     * @param awaitAcknowledgement whether the stage waits for the client's PUBACK or PUBCOMP; it fails if the connection ends before
     * @param timeout how long it waits for that
     */
    public record SendOptions(Duration ttl, boolean queue, boolean awaitAcknowledgement, Duration timeout) {
        /** Queued for ever if need be, not waited for. */
        public static final SendOptions DEFAULTS = new SendOptions(Duration.ZERO, true, false, Duration.ofSeconds(30));

        /** Checks the times. */
        public SendOptions {
            if (ttl.isNegative()) {
                throw new IllegalArgumentException("ttl: " + ttl + " (expected: zero or longer)");
            }
            if (timeout.isNegative() || timeout.isZero()) {
                throw new IllegalArgumentException("timeout: " + timeout + " (expected: longer than nothing)");
            }
        }

        /** The same with a time to live. */
        public SendOptions withTtl(Duration other) {
            return new SendOptions(other, queue, awaitAcknowledgement, timeout);
        }

        /** The same, failing with {@link SendResult#OFFLINE} instead of queueing. */
        public SendOptions onlineOnly() {
            return new SendOptions(ttl, false, awaitAcknowledgement, timeout);
        }

        /** The same, waiting for the client's acknowledgement. */
        public SendOptions awaitingAcknowledgement() {
            return new SendOptions(ttl, queue, true, timeout);
        }

        /** The same, waiting so long for the client's acknowledgement. */
        public SendOptions awaitingAcknowledgement(Duration longest) {
            return new SendOptions(ttl, queue, true, longest);
        }
    }
}
