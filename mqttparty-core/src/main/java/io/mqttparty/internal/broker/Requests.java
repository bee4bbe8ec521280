package io.mqttparty.internal.broker;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import io.mqttparty.model.TopicName;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Requests to clients that wait for their reply: the next message that the client publishes to the reply topic. Shared by all loops. */
final class Requests {
    private record Key(ClientId client, TopicName topic) {}

    private final int limit;
    private final ConcurrentHashMap<Key, CompletableFuture<Message>> open = new ConcurrentHashMap<>();

    Requests(int limit) {
        this.limit = limit;
    }

    /**
     * Waits for the reply.
     *
     * @throws IllegalStateException if somebody waits for this client on this topic already, or too many requests wait
     */
    CompletableFuture<Message> expect(ClientId client, TopicName replyTopic) {
        if (open.size() >= limit) {
            throw new IllegalStateException("requests: " + open.size() + " open (expected: at most " + limit + ")");
        }
        CompletableFuture<Message> reply = new CompletableFuture<>();
        Key key = new Key(client, replyTopic);
        if (open.putIfAbsent(key, reply) != null) {
            throw new IllegalStateException(
                    "replyTopic: " + replyTopic + " is awaited already (expected: one request a topic)");
        }
        var unused = reply.whenComplete((message, failure) -> open.remove(key, reply));
        return reply;
    }

    /** A client publishes: perhaps it is a reply. */
    void onPublish(ClientId client, Message message) {
        if (open.isEmpty()) {
            return;
        }
        CompletableFuture<Message> reply = open.get(new Key(client, message.topic()));
        if (reply != null) {
            reply.complete(message);
        }
    }
}
