package io.mqttparty.internal.broker;

import io.mqttparty.model.MqttPartyException;
import io.mqttparty.spi.Counter;
import io.mqttparty.spi.transport.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls of SPIs from an event loop: a stage that is complete continues inline, any other comes back to the loop, and one that throws, is null,
 * fails or takes too long is a failure.
 */
final class SpiCalls {
    /** For a call that may take as long as it takes. */
    static final long NO_LIMIT = Long.MAX_VALUE;

    private SpiCalls() {}

    /**
     * Calls and hands the outcome to one of both, on the loop, exactly once.
     *
     * @param timeoutNanos how long it may take; {@link #NO_LIMIT} if that does not matter
     * @param what names the call in the failure
     */
    static <T> void call(
            LoopContext loop,
            long timeoutNanos,
            String what,
            Supplier<? extends @Nullable CompletionStage<T>> call,
            Consumer<T> onResult,
            Consumer<Throwable> onFailure) {
        CompletionStage<T> stage;
        try {
            stage = call.get();
        } catch (Throwable e) { // whatever it is, it must not become a "yes", nor cost the others of the loop
            fail(loop, e, onFailure);
            return;
        }
        if (stage == null) {
            fail(loop, new MqttPartyException(what + ": returned null (expected: a stage)"), onFailure);
            return;
        }
        CompletableFuture<T> future = asFuture(stage);
        if (future != null && future.isDone()) {
            T result;
            try {
                result = future.join();
            } catch (RuntimeException e) {
                fail(loop, unwrap(e), onFailure);
                return;
            }
            deliver(loop, result, what, onResult, onFailure);
            return;
        }
        new Pending<>(loop, what, onResult, onFailure).await(stage, timeoutNanos);
    }

    /**
     * The stage, if it can be asked whether it is complete: a stage of {@link CompletableFuture#completedStage} or {@link CompletableFuture#minimalCompletionStage} is a subclass
     * that throws upon the question.
     */
    static <T> @Nullable CompletableFuture<T> asFuture(CompletionStage<T> stage) {
        return stage.getClass() == CompletableFuture.class ? (CompletableFuture<T>) stage : null;
    }

    private static <T> void deliver(
            LoopContext loop, @Nullable T result, String what, Consumer<T> onResult, Consumer<Throwable> onFailure) {
        if (result == null) {
            fail(loop, new MqttPartyException(what + ": completed with null (expected: a value)"), onFailure);
        } else {
            onResult.accept(result);
        }
    }

    private static void fail(LoopContext loop, Throwable cause, Consumer<Throwable> onFailure) {
        loop.counters().add(Counter.SPI_FAILURES);
        onFailure.accept(cause);
    }

    static Throwable unwrap(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** A call that was not complete when it returned. */
    private static final class Pending<T> {
        private final LoopContext loop;
        private final String what;
        private final Consumer<T> onResult;
        private final Consumer<Throwable> onFailure;
        private boolean done;
        private EventLoop.@Nullable Scheduled timer;

        Pending(LoopContext loop, String what, Consumer<T> onResult, Consumer<Throwable> onFailure) {
            this.loop = loop;
            this.what = what;
            this.onResult = onResult;
            this.onFailure = onFailure;
        }

        void await(CompletionStage<T> stage, long timeoutNanos) {
            if (timeoutNanos != NO_LIMIT) {
                timer = loop.eventLoop().schedule(timeoutNanos, this::tooLate);
            }
            try {
                var unused = stage.whenComplete(this::completed);
            } catch (Throwable e) {
                finish(null, e);
            }
        }

        private void tooLate() {
            finish(null, new MqttPartyException(what + ": no answer in time"));
        }

        private void completed(@Nullable T result, @Nullable Throwable failure) {
            loop.execute(() -> finish(result, failure));
        }

        private void finish(@Nullable T result, @Nullable Throwable failure) {
            if (done) {
                return;
            }
            done = true;
            if (timer != null) {
                timer.cancel();
            }
            if (failure != null) {
                fail(loop, unwrap(failure), onFailure);
            } else {
                deliver(loop, result, what, onResult, onFailure);
            }
        }
    }
}
