package io.mqttparty.internal.broker;

import io.mqttparty.model.ClientCallException;
import io.mqttparty.model.ClientCallException.Reason;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the application waits for. Once the broker has ended its loops run nothing any more, so nobody would complete it: all that is open then
 * fails, and what is promised later fails at once. Any thread may call it.
 */
final class Promises {
    private final Map<Object, CompletableFuture<?>> open = new ConcurrentHashMap<>();
    private volatile boolean over;

    /** The same future, which now completes at the end of the broker at the latest. */
    <T> CompletableFuture<T> keep(CompletableFuture<T> promise) {
        Object key = new Object();
        open.put(key, promise);
        var unused = promise.whenComplete((result, failure) -> open.remove(key));
        if (over) {
            refuse(promise);
        }
        return promise;
    }

    /** Runs a task on a loop for the sake of this future, which fails if the loop is closed. */
    static void run(LoopContext loop, CompletableFuture<?> promise, Runnable task) {
        if (!loop.execute(task)) {
            refuse(promise);
        }
    }

    /** The broker has ended. */
    void end() {
        over = true;
        open.values().forEach(Promises::refuse);
    }

    private static void refuse(CompletableFuture<?> promise) {
        promise.completeExceptionally(new ClientCallException(Reason.UNAVAILABLE, "the broker is closed"));
    }
}
