package io.mqttparty.internal.broker;

import io.mqttparty.model.Message;
import io.mqttparty.spi.BusRecord.Outcome;
import io.mqttparty.spi.SessionStore;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Those who wait until a client has acknowledged a delivery. Bounded by the window and the queue of the session. */
final class Watches {
    private final IdentityHashMap<Message, CompletableFuture<Outcome>> unsent = new IdentityHashMap<>();
    private final Map<Long, CompletableFuture<Outcome>> bySeq = new HashMap<>();
    private final Map<Integer, CompletableFuture<Outcome>> byPacketId = new HashMap<>();

    /** Waits for this very message, which is about to be given to a transient session. */
    void watch(Message message, CompletableFuture<Outcome> outcome) {
        unsent.put(message, outcome);
    }

    /** Waits for a record of a persistent session's queue. */
    void watch(long seq, CompletableFuture<Outcome> outcome) {
        bySeq.put(seq, outcome);
    }

    void onSent(Message message, int packetId) {
        CompletableFuture<Outcome> waiting = unsent.isEmpty() ? null : unsent.remove(message);
        if (waiting != null) {
            byPacketId.put(packetId, waiting);
        }
    }

    void onFinished(long seq) {
        complete(bySeq.remove(seq), Outcome.DONE);
        complete(byPacketId.remove(SessionStore.packetId(seq)), Outcome.DONE);
    }

    /** The message is not delivered any more. */
    void onDropped(Message message) {
        complete(unsent.remove(message), Outcome.DROPPED);
    }

    /** The records with these numbers are not delivered any more. */
    void onDropped(long first, long last) {
        if (bySeq.isEmpty()) {
            return;
        }
        for (Iterator<Map.Entry<Long, CompletableFuture<Outcome>>> all =
                        bySeq.entrySet().iterator();
                all.hasNext(); ) {
            Map.Entry<Long, CompletableFuture<Outcome>> each = all.next();
            if (each.getKey() >= first && each.getKey() <= last) {
                all.remove();
                complete(each.getValue(), Outcome.DROPPED);
            }
        }
    }

    /** Stops waiting. */
    void forget(CompletableFuture<Outcome> outcome) {
        unsent.values().removeIf(waiting -> waiting == outcome);
        bySeq.values().removeIf(waiting -> waiting == outcome);
        byPacketId.values().removeIf(waiting -> waiting == outcome);
    }

    /** The connection is over: nothing more will be acknowledged on it. */
    void onClosed() {
        unsent.values().forEach(waiting -> waiting.complete(Outcome.ENDED));
        bySeq.values().forEach(waiting -> waiting.complete(Outcome.ENDED));
        byPacketId.values().forEach(waiting -> waiting.complete(Outcome.ENDED));
    }

    private static void complete(@Nullable CompletableFuture<Outcome> waiting, Outcome outcome) {
        if (waiting != null) {
            waiting.complete(outcome);
        }
    }
}
