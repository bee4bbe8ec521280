package io.mqttparty.internal.broker;

import io.mqttparty.model.ClientCallException;
import io.mqttparty.model.ClientCallException.Reason;
import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import io.mqttparty.model.TopicName;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait for the next message that a client publishes to a topic: requests of this node, and of others in case the client replies here.
 * Shared by all loops. A future that is completed by somebody else waits no more.
 */
final class Requests {
    private record Key(ClientId client, TopicName topic) {}

    private final int limit;
    private final Runnable onRefused;
    private final Set<Key> own = ConcurrentHashMap.newKeySet();
    private final ConcurrentHashMap<Key, List<CompletableFuture<Message>>> open = new ConcurrentHashMap<>();

    /**
     * None yet.
     *
     * @param limit how many of this node may wait; who waits for other nodes counts them
     * @param onRefused is told of each that is one too many; on any thread
     */
    Requests(int limit, Runnable onRefused) {
        this.limit = limit;
        this.onRefused = onRefused;
    }

    /** Waits for the reply; has failed if this node waits for this client on this topic already, or too many requests wait. */
    CompletableFuture<Message> expect(ClientId client, TopicName replyTopic) {
        if (own.size() >= limit) {
            onRefused.run();
            return failed(Reason.TOO_MANY_CALLS, "too many requests are open on this node");
        }
        Key key = new Key(client, replyTopic);
        if (!own.add(key)) {
            return failed(
                    Reason.REPLY_TOPIC_IN_USE, "a reply of client " + client + " on this topic is awaited already");
        }
        CompletableFuture<Message> reply = add(key);
        var unused = reply.whenComplete((message, failure) -> own.remove(key));
        return reply;
    }

    private static CompletableFuture<Message> failed(Reason reason, String message) {
        return CompletableFuture.failedFuture(new ClientCallException(reason, message));
    }

    /** Waits for a reply that another node wants to have. */
    CompletableFuture<Message> expectForOther(ClientId client, TopicName replyTopic) {
        return add(new Key(client, replyTopic));
    }

    private CompletableFuture<Message> add(Key key) {
        CompletableFuture<Message> reply = new CompletableFuture<>();
        open.merge(key, List.of(reply), Requests::concat);
        var unused =
                reply.whenComplete((message, failure) -> open.computeIfPresent(key, (k, all) -> without(all, reply)));
        return reply;
    }

    private static List<CompletableFuture<Message>> concat(
            List<CompletableFuture<Message>> a, List<CompletableFuture<Message>> b) {
        List<CompletableFuture<Message>> all = new ArrayList<>(a);
        all.addAll(b);
        return List.copyOf(all);
    }

    private static @Nullable List<CompletableFuture<Message>> without(
            List<CompletableFuture<Message>> all, CompletableFuture<Message> gone) {
        List<CompletableFuture<Message>> rest =
                all.stream().filter(each -> each != gone).toList();
        return rest.isEmpty() ? null : rest;
    }

    /** Fails all that wait: no client publishes here any more. */
    void failAll(String reason) {
        ClientCallException failure = new ClientCallException(Reason.UNAVAILABLE, reason);
        open.values().forEach(waiting -> waiting.forEach(reply -> reply.completeExceptionally(failure)));
    }

    /** A client publishes: perhaps it is a reply. */
    void onPublish(ClientId client, Message message) {
        if (open.isEmpty()) {
            return;
        }
        List<CompletableFuture<Message>> waiting = open.get(new Key(client, message.topic()));
        if (waiting != null) {
            waiting.forEach(reply -> reply.complete(message));
        }
    }
}
