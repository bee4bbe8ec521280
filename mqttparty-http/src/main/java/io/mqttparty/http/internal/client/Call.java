package io.mqttparty.http.internal.client;

import io.mqttparty.http.internal.client.CallException.Kind;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One call, from when it waits until its end. It is over when its stage is complete; its place is free when its exchange has ended. */
final class Call {
    private final Endpoint endpoint;
    private final RequestMaker request;
    private final CallLimits limits;
    private final Timers timers;
    private final long began;
    private final CompletableFuture<Answer> outcome = new CompletableFuture<>();
    /** Whether it has left the queue, one way or the other. */
    private final AtomicBoolean left = new AtomicBoolean();

    private volatile @Nullable ClientExchange exchange;
    private volatile Timers.@Nullable Scheduled timer;
    private volatile HttpResponse.@Nullable ResponseInfo head;
    private volatile boolean closed;
    private int connection;

    Call(Endpoint endpoint, RequestMaker request, CallLimits limits, Timers timers) {
        this.endpoint = endpoint;
        this.request = request;
        this.limits = limits;
        this.timers = timers;
        this.began = timers.nanoTime();
    }

    /** It is sent over the connection with this number. Guarded by the lock of the endpoint. */
    void connection(int number) {
        connection = number;
    }

    int connection() {
        return connection;
    }

    CompletableFuture<Answer> outcome() {
        return outcome;
    }

    boolean isOver() {
        return outcome.isDone();
    }

    void fail(Kind kind, String message) {
        outcome.completeExceptionally(failure(kind, message, null));
    }

    /** It waits; its time runs. */
    void await() {
        left.set(false);
        timer = timers.schedule(Math.max(0, nanosLeft()), this::waitedTooLong);
    }

    private long nanosLeft() {
        return limits.totalNanos() - (timers.nanoTime() - began);
    }

    private void waitedTooLong() {
        if (left.compareAndSet(false, true)) {
            fail(Kind.BUSY, "not sent in time");
            endpoint.abandoned(this);
        }
    }

    /** It has a place now. */
    void send(Shard shard) {
        stopTimer();
        long nanos = nanosLeft();
        if (!left.compareAndSet(false, true) || isOver() || nanos <= 0) {
            over(shard, Breaker.Result.NOTHING, null, failure(Kind.BUSY, "not sent in time", null));
            return;
        }
        ClientExchange started = new ClientExchange(new Ending(shard), limits.bodyBytes());
        exchange = started;
        try {
            started.start(shard.client(), request.make(shard.version()));
        } catch (RuntimeException e) { // there is no request; the backend has nothing to do with it
            boolean wanted = !(e instanceof CallException);
            over(
                    shard,
                    Breaker.Result.NOTHING,
                    null,
                    wanted ? failure(Kind.CONNECTION, "no request: " + e, e) : asCallException(e));
            return;
        }
        timer = timers.schedule(Math.min(nanos, limits.timeoutNanos()), this::tookTooLong);
        if (started.isOver()) { // answered meanwhile
            stopTimer();
        } else if (isOver()) { // closed meanwhile
            started.cancel();
        }
        started.awaitFailure();
    }

    /** What becomes of its exchange, which has the place of this shard. */
    private final class Ending implements ClientExchange.Listener {
        private final Shard shard;

        Ending(Shard shard) {
            this.shard = shard;
        }

        @Override
        public void onHead(HttpResponse.ResponseInfo newHead) {
            head = newHead;
            endpoint.answering(Call.this, shard, newHead.version());
        }

        @Override
        public void onEnd(@Nullable Answer answer, @Nullable Throwable failure) {
            ended(shard, answer, failure);
        }
    }

    private void tookTooLong() {
        end(Kind.TIMEOUT, "no whole answer in time");
    }

    void close() {
        closed = true;
        end(Kind.CLOSED, "closed");
    }

    private void end(Kind kind, String message) {
        left.set(true);
        stopTimer();
        fail(kind, message);
        ClientExchange running = exchange;
        if (running != null) {
            running.cancel();
        }
    }

    private void ended(Shard shard, @Nullable Answer answer, @Nullable Throwable failure) {
        stopTimer();
        if (failure != null && !isOver() && StreamLimit.isCauseOf(failure)) {
            exchange = null;
            if (endpoint.postponed(this, shard)) {
                return;
            }
        }
        if (answer != null) {
            over(shard, result(), answer, null);
        } else {
            over(shard, result(), null, asCallException(failure));
        }
    }

    /** Its place is free, and whoever called hears of it before the place is taken: an answer may say that nothing is to be sent. */
    private void over(Shard shard, Breaker.Result result, @Nullable Answer answer, @Nullable CallException failure) {
        boolean lost = result == Breaker.Result.FAILURE && head == null && !isOver();
        endpoint.released(this, shard, result, lost);
        if (failure != null) {
            outcome.completeExceptionally(failure);
        } else {
            outcome.complete(answer);
        }
        endpoint.goOn();
    }

    private Breaker.Result result() {
        HttpResponse.ResponseInfo answered = head;
        if (answered != null) {
            return answered.statusCode() < 500 ? Breaker.Result.SUCCESS : Breaker.Result.FAILURE;
        }
        return closed ? Breaker.Result.NOTHING : Breaker.Result.FAILURE;
    }

    private CallException asCallException(@Nullable Throwable failure) {
        Throwable cause = failure;
        while (cause != null) {
            if (cause instanceof CallException known) {
                return known;
            }
            cause = cause.getCause();
        }
        Throwable reason = failure == null ? null : Causes.of(failure);
        return failure(Kind.CONNECTION, String.valueOf(reason), reason);
    }

    private CallException failure(Kind kind, String message, @Nullable Throwable cause) {
        return new CallException(kind, head, message, cause);
    }

    private void stopTimer() {
        Timers.Scheduled running = timer;
        if (running
                != null) { // otherwise nothing is written: another thread may just have set one, and stops it itself
            timer = null;
            running.cancel();
        }
    }
}
