package io.mqttparty.internal.broker;

import io.mqttparty.model.Message;
import io.mqttparty.model.MqttPartyException;
import io.mqttparty.spi.SessionStore;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Those who wait until a client has acknowledged a delivery. Bounded by the window and the queue of the session. */
final class Watches {
    private final IdentityHashMap<Message, CompletableFuture<Void>> unsent = new IdentityHashMap<>();
    private final Map<Long, CompletableFuture<Void>> bySeq = new HashMap<>();
    private final Map<Integer, CompletableFuture<Void>> byPacketId = new HashMap<>();

    /** Waits for this very message, which is about to be given to a transient session. */
    void watch(Message message, CompletableFuture<Void> acknowledged) {
        unsent.put(message, acknowledged);
    }

    /** Waits for a record of a persistent session's queue. */
    void watch(long seq, CompletableFuture<Void> acknowledged) {
        bySeq.put(seq, acknowledged);
    }

    void onSent(Message message, int packetId) {
        CompletableFuture<Void> waiting = unsent.isEmpty() ? null : unsent.remove(message);
        if (waiting != null) {
            byPacketId.put(packetId, waiting);
        }
    }

    void onFinished(long seq) {
        complete(bySeq.remove(seq));
        complete(byPacketId.remove(SessionStore.packetId(seq)));
    }

    /** The message is not delivered any more. */
    void onDropped(Message message) {
        fail(unsent.remove(message));
    }

    /** The record is not delivered any more. */
    void onDropped(long seq) {
        fail(bySeq.remove(seq));
    }

    private static void fail(@Nullable CompletableFuture<Void> waiting) {
        if (waiting != null) {
            waiting.completeExceptionally(new MqttPartyException("the message was dropped before the acknowledgement"));
        }
    }

    /** Stops waiting. */
    void forget(CompletableFuture<Void> acknowledged) {
        unsent.values().removeIf(waiting -> waiting == acknowledged);
        bySeq.values().removeIf(waiting -> waiting == acknowledged);
        byPacketId.values().removeIf(waiting -> waiting == acknowledged);
    }

    /** The connection is over: nothing more will be acknowledged on it. */
    void onClosed() {
        var gone = new MqttPartyException("the connection ended before the acknowledgement");
        unsent.values().forEach(f -> f.completeExceptionally(gone));
        bySeq.values().forEach(f -> f.completeExceptionally(gone));
        byPacketId.values().forEach(f -> f.completeExceptionally(gone));
    }

    private static void complete(@Nullable CompletableFuture<Void> waiting) {
        if (waiting != null) {
            waiting.complete(null);
        }
    }
}
