package io.mqttparty.testkit;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * The calls that a fake got, and what becomes of them: they wait until the test answers or fails each, unless it told beforehand what to do
 * with all that follow. A call that is never answered is how a late SPI is tested. Safe for use by several threads.
 *
 * @param <Q> what is asked
 * @param <A> what is answered
 */
public final class ControlledCalls<Q, A> {
    private final List<Call<Q, A>> calls = new CopyOnWriteArrayList<>();
    private volatile Function<Call<Q, A>, CompletionStage<A>> behaviour = Call::stage;

    ControlledCalls() {}

    /** One call. */
    public static final class Call<Q, A> {
        private final Q request;
        private final CompletableFuture<A> stage = new CompletableFuture<>();

        private Call(Q request) {
            this.request = request;
        }

        /** What was asked. */
        public Q request() {
            return request;
        }

        /** Completes the stage. What waits for it runs on the thread of the test before this returns. */
        public void answer(A answer) {
            requireOpen(stage.complete(answer));
        }

        /** Fails the stage. */
        public void fail(Throwable cause) {
            requireOpen(stage.completeExceptionally(cause));
        }

        /** Whether the call waits for the test. */
        public boolean isPending() {
            return !stage.isDone();
        }

        /** The request, and whether it waits. */
        @Override
        public String toString() {
            return (isPending() ? "pending " : "done ") + request;
        }

        private CompletionStage<A> stage() {
            return stage;
        }

        private void requireOpen(boolean first) {
            if (!first) {
                throw new IllegalStateException("call: " + request + " has been answered (expected: pending)");
            }
        }
    }

    /** All calls that follow wait for the test. It starts like that. */
    public void hold() {
        behaviour = Call::stage;
    }

    /** All calls that follow are answered at once. */
    public void answerEach(Function<? super Q, ? extends A> answers) {
        behaviour = call -> {
            call.answer(answers.apply(call.request()));
            return call.stage();
        };
    }

    /** All calls that follow return a stage that has failed. */
    public void failEach(Throwable cause) {
        behaviour = call -> {
            call.fail(cause);
            return call.stage();
        };
    }

    /** All calls that follow throw, as an SPI should not. */
    public void throwEach(RuntimeException exception) {
        behaviour = call -> {
            call.fail(exception);
            throw exception;
        };
    }

    /** All calls until now, in order. */
    public List<Call<Q, A>> all() {
        return List.copyOf(calls);
    }

    /** What was asked until now, in order. */
    public List<Q> requests() {
        return calls.stream().map(Call::request).toList();
    }

    /** The calls that wait for the test, in order. */
    public List<Call<Q, A>> pending() {
        return calls.stream().filter(Call::isPending).toList();
    }

    /** The oldest call that waits for the test; fails if there is none. */
    public Call<Q, A> oldestPending() {
        return pending().stream()
                .findFirst()
                .orElseThrow(() -> new AssertionError("no call is pending (expected: one); all calls: " + calls));
    }

    /** Answers the oldest call that waits for the test; fails if there is none. */
    public void answer(A answer) {
        oldestPending().answer(answer);
    }

    /** Fails the oldest call that waits for the test; fails itself if there is none. */
    public void fail(Throwable cause) {
        oldestPending().fail(cause);
    }

    CompletionStage<A> onCall(Q request) {
        Call<Q, A> call = new Call<>(request);
        calls.add(call);
        return behaviour.apply(call);
    }
}
