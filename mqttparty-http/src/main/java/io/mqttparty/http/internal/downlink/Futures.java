package io.mqttparty.http.internal.downlink;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Stages that can be cancelled at their end: those of the JDK do not tell who they wait for. */
final class Futures {
    private Futures() {}

    static <A, B> CompletableFuture<B> map(CompletionStage<A> from, Function<A, B> change) {
        CompletableFuture<A> source = from.toCompletableFuture();
        CompletableFuture<B> changed = source.thenApply(change);
        cancels(changed, source);
        return changed;
    }

    /** Who cancels the one cancels the other. */
    static void cancels(CompletableFuture<?> from, CompletableFuture<?> to) {
        var unused = from.whenComplete((result, failure) -> {
            if (from.isCancelled()) {
                to.cancel(false);
            }
        });
    }
}
