package io.mqttparty.internal.broker;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import io.mqttparty.model.MqttPartyException;
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
    private final Set<Key> own = ConcurrentHashMap.newKeySet();
    private final ConcurrentHashMap<Key, List<CompletableFuture<Message>>> open = new ConcurrentHashMap<>();

    /** At most so many requests of this node; who waits for other nodes counts them. */
    Requests(int limit) {
        this.limit = limit;
    }

    /**
     * Waits for the reply.
     *
     * @throws IllegalStateException if this node waits for this client on this topic already, or too many requests wait
     */
    CompletableFuture<Message> expect(ClientId client, TopicName replyTopic) {
        if (own.size() >= limit) {
            throw new IllegalStateException("requests: " + own.size() + " open (expected: at most " + limit + ")");
        }
        Key key = new Key(client, replyTopic);
        if (!own.add(key)) {
            throw new IllegalStateException(
                    "replyTopic: " + replyTopic + " is awaited already (expected: one request a topic)");
        }
        CompletableFuture<Message> reply = add(key);
        var unused = reply.whenComplete((message, failure) -> own.remove(key));
        return reply;
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
        open.values()
                .forEach(waiting ->
                        waiting.forEach(reply -> reply.completeExceptionally(new MqttPartyException(reason))));
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
