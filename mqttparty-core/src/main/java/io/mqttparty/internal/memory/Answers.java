package io.mqttparty.internal.memory;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.mqttparty.spi.FenceResult;
import java.util.concurrent.CompletableFuture;

/** The completed answers of fenced changes. */
final class Answers {
    static final CompletableFuture<FenceResult> OK = completedFuture(FenceResult.OK);
    static final CompletableFuture<FenceResult> STALE = completedFuture(FenceResult.STALE);

    private Answers() {}

    static CompletableFuture<FenceResult> of(FenceResult result) {
        return switch (result) {
            case OK -> OK;
            case STALE -> STALE;
        };
    }
}
