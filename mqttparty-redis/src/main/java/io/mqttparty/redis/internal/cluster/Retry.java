package io.mqttparty.redis.internal.cluster;

import io.mqttparty.redis.internal.lane.RedisUnavailableException;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Repeats a step that may be repeated, for some seconds while Redis does not answer: a lost connection must not cost a join or a leave. */
final class Retry<T> {
    private static final int ATTEMPTS = 10;
    private static final long PAUSE_MILLIS = 250;

    private final EventExecutor executor;
    private final Supplier<CompletionStage<T>> step;
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private int attempts;

    private Retry(EventExecutor executor, Supplier<CompletionStage<T>> step) {
        this.executor = executor;
        this.step = step;
    }

    /** Takes the step, on the executor from the second time on, and gives its last result. */
    static <T> CompletionStage<T> of(EventExecutor executor, Supplier<CompletionStage<T>> step) {
        Retry<T> retry = new Retry<>(executor, step);
        retry.attempt();
        return retry.result;
    }

    private void attempt() {
        attempts++;
        var unused = step.get().whenComplete(this::onResult);
    }

    private void onResult(T value, @Nullable Throwable failure) {
        if (failure == null) {
            result.complete(value);
        } else if (attempts < ATTEMPTS && isLost(failure)) {
            var unused = executor.schedule(this::attempt, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        } else {
            result.completeExceptionally(failure);
        }
    }

    private static boolean isLost(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof RedisUnavailableException;
    }
}
