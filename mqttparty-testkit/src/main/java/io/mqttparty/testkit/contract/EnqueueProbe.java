package io.mqttparty.testkit.contract;

import io.mqttparty.spi.Owner;
import io.mqttparty.spi.SessionStore.EnqueueCallback;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;

/** Takes the answers of one enqueue, each once. */
final class EnqueueProbe implements EnqueueCallback {
    private final int legs;
    private final Map<Integer, Enqueued> answers = new ConcurrentSkipListMap<>();
    private final CompletableFuture<List<Enqueued>> done = new CompletableFuture<>();

    EnqueueProbe(int legs) {
        this.legs = legs;
        finishIfComplete();
    }

    @Override
    public void onStored(int leg, long seq, Owner owner, long acknowledgedUpTo) {
        if (answers.put(leg, new Enqueued(seq, owner, acknowledgedUpTo)) != null || leg >= legs) {
            done.completeExceptionally(new AssertionError("leg: " + leg + " (expected: each of " + legs + " once)"));
        }
        finishIfComplete();
    }

    @Override
    public void onFailed(int leg, Throwable cause) {
        done.completeExceptionally(cause);
    }

    private void finishIfComplete() {
        if (answers.size() == legs) {
            done.complete(List.copyOf(answers.values()));
        }
    }

    CompletableFuture<List<Enqueued>> done() {
        return done;
    }
}
