package io.mqttparty.internal.broker;

import io.mqttparty.model.ClientCallException;
import io.mqttparty.spi.transport.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/** Time limits of what the application waits for. */
final class Expiry {
    private Expiry() {}

    /** Fails the future unless it is complete in time. */
    static void after(LoopContext loop, long nanos, CompletableFuture<?> future, Supplier<? extends Throwable> late) {
        if (future.isDone()) {
            return;
        }
        try {
            EventLoop.Scheduled timer =
                    loop.eventLoop().schedule(nanos, () -> future.completeExceptionally(late.get()));
            var unused = future.whenComplete((result, failure) -> timer.cancel());
        } catch (RejectedExecutionException e) {
            future.completeExceptionally(ClientCallException.unavailable("the broker is closed", e));
        }
    }
}
