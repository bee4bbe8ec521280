package io.mqttparty.testkit.cluster;

import io.mqttparty.spi.SessionStore.EnqueueCallback;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the calls of one method of one node: they pass, wait on their way to the store, wait on their way back, or fail before or
 * after the store has done what they ask for. Used on the thread of the test.
 */
public final class CallControl {
    private enum Mode {
        PASS,
        HOLD_REQUESTS,
        HOLD_ANSWERS,
        FAIL_REQUESTS,
        LOSE_ANSWERS,
        REPLACED
    }

    /** What a test does in the place of the store. */
    @FunctionalInterface
    public interface Replacement {
        /**
         * One call.
         *
         * @param arguments of the call
         * @param store does what these arguments ask for, or others
         * @return what the caller gets; nothing where the method returns nothing
         */
        @Nullable
        Object call(@Nullable Object[] arguments, Function<@Nullable Object[], @Nullable Object> store);
    }

    /** A call that waits. */
    private record Waiting(Runnable onRelease, Consumer<Throwable> onFail) {}

    private final String method;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private Mode mode = Mode.PASS;
    private UnaryOperator<Object> change = answer -> answer;
    private Replacement replacement = (arguments, store) -> store.apply(arguments);
    private int calls;

    CallControl(String method) {
        this.method = method;
    }

    /** Calls that follow wait before they reach the store. */
    public CallControl holdRequests() {
        mode = Mode.HOLD_REQUESTS;
        return this;
    }

    /** Calls that follow are done by the store, and their answers wait. */
    public CallControl holdAnswers() {
        mode = Mode.HOLD_ANSWERS;
        return this;
    }

    /** Calls that follow fail and are not done. */
    public CallControl failRequests() {
        mode = Mode.FAIL_REQUESTS;
        return this;
    }

    /** Calls that follow are done by the store, and fail all the same. */
    public CallControl loseAnswers() {
        mode = Mode.LOSE_ANSWERS;
        return this;
    }

    /**
     * The store's answers to calls that follow are changed like this, as if it had said something else.
     *
     * @param <T> what the method answers
     */
    @SuppressWarnings("unchecked") // the caller knows what the method answers
    public <T> CallControl changeAnswers(UnaryOperator<T> change) {
        this.change = (UnaryOperator<Object>) change;
        return this;
    }

    /** Calls that follow are worked off by the test. For methods of the stores and of presence. */
    public CallControl replace(Replacement other) {
        replacement = other;
        mode = Mode.REPLACED;
        return this;
    }

    /** Calls that follow pass; those that wait go on waiting. */
    public CallControl pass() {
        mode = Mode.PASS;
        return this;
    }

    /** Calls that follow pass, and those that wait go on, in their order. */
    public void release() {
        pass();
        while (!waiting.isEmpty()) {
            releaseNext();
        }
    }

    /** The call that has waited longest goes on; fails if there is none. */
    public void releaseNext() {
        next().onRelease.run();
    }

    /** The call that came last goes on, before those that came earlier; fails if there is none. */
    public void releaseLast() {
        waiting.addFirst(waiting.removeLast());
        releaseNext();
    }

    /** The call that has waited longest fails; whether the store has done it was decided when it came. */
    public void failNext() {
        next().onFail.accept(failure());
    }

    /** The call that has waited longest never gets an answer, nor does it reach the store. */
    public void dropNext() {
        next();
    }

    private Waiting next() {
        Waiting next = waiting.poll();
        if (next == null) {
            throw new AssertionError("no call of " + method + " waits (expected: one)");
        }
        return next;
    }

    /** How many calls wait. */
    public int waiting() {
        return waiting.size();
    }

    /** How many calls there were, whatever became of them. */
    public int calls() {
        return calls;
    }

    // ---- the calls ----

    boolean isReplaced() {
        return mode == Mode.REPLACED;
    }

    @Nullable
    Object replaced(@Nullable Object[] arguments, Function<@Nullable Object[], @Nullable Object> store) {
        calls++;
        return replacement.call(arguments, store);
    }

    @SuppressWarnings("unchecked") // a change answers with what it got
    <T> CompletionStage<T> stage(Supplier<CompletionStage<T>> request) {
        calls++;
        UnaryOperator<Object> changed = change;
        Supplier<CompletionStage<T>> call =
                () -> request.get().thenApply(answer -> answer == null ? answer : (T) changed.apply(answer));
        CompletableFuture<T> answer = new CompletableFuture<>();
        switch (mode) {
            case PASS, REPLACED -> {
                return call.get();
            }
            case HOLD_REQUESTS -> hold(() -> pass(call.get(), answer), answer::completeExceptionally);
            case HOLD_ANSWERS -> {
                CompletionStage<T> done = call.get();
                hold(() -> pass(done, answer), answer::completeExceptionally);
            }
            case FAIL_REQUESTS -> answer.completeExceptionally(failure());
            case LOSE_ANSWERS -> {
                var unused = call.get();
                answer.completeExceptionally(failure());
            }
        }
        return answer;
    }

    private static <T> void pass(CompletionStage<T> done, CompletableFuture<T> answer) {
        var unused = done.whenComplete((result, failure) -> {
            if (failure != null) {
                answer.completeExceptionally(failure);
            } else {
                answer.complete(result);
            }
        });
    }

    /** A call that nothing answers. */
    void run(Runnable call) {
        calls++;
        switch (mode) {
            case PASS, REPLACED, HOLD_ANSWERS, LOSE_ANSWERS -> call.run();
            case HOLD_REQUESTS -> hold(call, failure -> {});
            case FAIL_REQUESTS -> {}
        }
    }

    /** A call that answers through a callback, once for each leg. */
    void enqueue(int legs, EnqueueCallback callback, Consumer<EnqueueCallback> call) {
        calls++;
        Consumer<Throwable> fail = failure -> {
            for (int i = 0; i < legs; i++) {
                callback.onFailed(i, failure);
            }
        };
        switch (mode) {
            case PASS, REPLACED -> call.accept(callback);
            case HOLD_REQUESTS -> hold(() -> call.accept(callback), fail);
            case HOLD_ANSWERS -> {
                HeldCallback held = new HeldCallback(callback);
                call.accept(held);
                hold(held::release, fail);
            }
            case FAIL_REQUESTS -> fail.accept(failure());
            case LOSE_ANSWERS -> {
                call.accept(new HeldCallback(callback));
                fail.accept(failure());
            }
        }
    }

    private void hold(Runnable onRelease, Consumer<Throwable> onFail) {
        waiting.add(new Waiting(onRelease, onFail));
    }

    private Throwable failure() {
        return new IllegalStateException(method + " failed on purpose");
    }
}
