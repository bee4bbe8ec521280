package io.mqttparty.redis.internal.cluster;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A read that many ask for at once: who comes while one is under way shares the next one. So each gets an answer to a read that was sent after it asked.
 * Any thread may ask.
 */
final class SharedRead<T> {
    private final Supplier<CompletionStage<T>> read;
    private boolean underWay;
    private @Nullable CompletableFuture<T> next;

    SharedRead(Supplier<CompletionStage<T>> read) {
        this.read = read;
    }

    CompletionStage<T> ask() {
        CompletableFuture<T> mine;
        synchronized (this) {
            if (underWay) {
                if (next == null) {
                    next = new CompletableFuture<>();
                }
                return next;
            }
            underWay = true;
            mine = new CompletableFuture<>();
        }
        send(mine);
        return mine;
    }

    private void send(CompletableFuture<T> result) {
        var unused = read.get().whenComplete((value, failure) -> {
            sendNext();
            if (failure != null) {
                result.completeExceptionally(failure);
            } else {
                result.complete(value);
            }
        });
    }

    private void sendNext() {
        CompletableFuture<T> waiting;
        synchronized (this) {
            waiting = next;
            next = null;
            underWay = waiting != null;
        }
        if (waiting != null) {
            send(waiting);
        }
    }
}
