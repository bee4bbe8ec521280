package io.mqttparty.http.internal.client;

import io.mqttparty.http.internal.client.CallException.Kind;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One origin (scheme, host, port) and the calls to it: so many at once, further ones wait in the order they came, up to a limit. While the origin fails, all wait
 * ({@link Breaker}). Any thread may call.
 */
public final class Endpoint {
    private final URI origin;
    private final Timers timers;
    private final List<Shard> shards;
    private final int mostWaiting;
    private final Breaker breaker;
    private final Caller.Listener listener;
    private final LongAdder refusals = new LongAdder();
    private final Pump sending = new Pump(this::sendNext);
    private final Pump telling = new Pump(this::tellNext);

    private final ReentrantLock lock = new ReentrantLock();
    private final WaitingCalls waiting = new WaitingCalls();
    private final Set<Call> open = new HashSet<>();
    /** Of the breaker, in their order, until the listener hears of them. */
    private final Deque<Breaker.Change> changes = new ArrayDeque<>(2);

    private boolean closed;

    Endpoint(
            URI origin, Timers timers, List<Shard> shards, int mostWaiting, Breaker breaker, Caller.Listener listener) {
        this.origin = origin;
        this.timers = timers;
        this.shards = shards;
        this.mostWaiting = mostWaiting;
        this.breaker = breaker;
        this.listener = listener;
    }

    /** Scheme, host and port. */
    public URI origin() {
        return origin;
    }

    /**
     * Calls the backend. Redirects are answers like any other. The stage fails with {@link CallException}; it completes on a thread of the HTTP client, of the timers, or one that {@link ClientExchange} tells of,
     * so what follows on it must not block.
     *
     * @param request makes the request, to this origin
     */
    public CompletableFuture<Answer> call(RequestMaker request, CallLimits limits) {
        Call call = new Call(this, request, limits, timers);
        Shard shard;
        lock.lock();
        try {
            shard = waiting.isEmpty() ? room() : null;
            if (closed) {
                call.fail(Kind.CLOSED, "closed");
                return call.outcome();
            }
            if (shard == null && waiting.size() >= mostWaiting + soonFree()) {
                call.fail(Kind.BUSY, "too many calls are waiting");
                return call.outcome();
            }
            open.add(call);
            if (shard == null) {
                call.await();
                waiting.add(call);
            } else {
                take(call, shard);
            }
        } finally {
            lock.unlock();
        }
        if (shard != null) {
            call.send(shard);
        }
        return call.outcome();
    }

    private @Nullable Shard room() {
        Shard best = null;
        if (breaker.admits()) {
            for (Shard each : shards) {
                if (each.room() > 0 && (best == null || each.inFlight() < best.inFlight())) {
                    best = each;
                }
            }
        }
        return best;
    }

    /** Places that are free as soon as one call has gone ahead. */
    private int soonFree() {
        return shards.stream().mapToInt(Shard::soonFree).sum();
    }

    private void take(Call call, Shard shard) {
        int number = shard.taken(timers.nanoTime());
        call.connection(number);
        breaker.sent(call);
        if (shard.connection().isTrying()) {
            timers.schedule(SharedConnection.LATE_NANOS, () -> late(shard, number));
        }
    }

    private void late(Shard shard, int number) {
        lock.lock();
        try {
            shard.connection().late(number);
        } finally {
            lock.unlock();
        }
        sending.run();
    }

    /** The answer to a call begins. */
    void answering(Call call, Shard shard, HttpClient.Version version) {
        if (!shard.connection().isTrying()) {
            return;
        }
        lock.lock();
        try {
            shard.connection().answered(call.connection(), version);
        } finally {
            lock.unlock();
        }
        sending.run();
    }

    private boolean sendNext() {
        @Nullable Call next;
        @Nullable Shard shard;
        lock.lock();
        try {
            shard = waiting.isEmpty() ? null : room();
            next = shard == null ? null : waiting.poll();
            if (shard == null || next == null) {
                return false;
            }
            take(next, shard);
        } finally {
            lock.unlock();
        }
        next.send(shard);
        return true;
    }

    /**
     * The exchange of a call is over. Then {@link #goOn}.
     *
     * @param lost whether it failed since it had no connection, or lost it: if it shared that with others, all of them are one failure
     */
    void released(Call call, Shard shard, Breaker.Result result, boolean lost) {
        boolean tells;
        lock.lock();
        try {
            boolean isNew = !lost || shard.connection().lost(call.connection());
            shard.released(call.connection(), timers.nanoTime());
            open.remove(call);
            Breaker.Change change = breaker.ended(call, isNew ? result : Breaker.Result.NOTHING);
            if (change.isOpen() && !closed) {
                int opening = breaker.opening();
                timers.schedule(breaker.openNanos(), () -> tryAgain(opening));
            }
            tells = change == Breaker.Change.OPENED || change == Breaker.Change.CLOSED;
            if (tells) {
                changes.add(change);
            }
        } finally {
            lock.unlock();
        }
        if (tells) {
            telling.run();
        }
    }

    /** Sends what waits and may be sent. */
    void goOn() {
        sending.run();
    }

    private boolean tellNext() {
        Breaker.@Nullable Change change;
        lock.lock();
        try {
            change = changes.poll();
        } finally {
            lock.unlock();
        }
        if (change != null) {
            listener.onBreaker(origin, change.isOpen());
        }
        return change != null;
    }

    private void tryAgain(int opening) {
        lock.lock();
        try {
            breaker.onTime(opening);
        } finally {
            lock.unlock();
        }
        sending.run();
    }

    /** A call that never was sent is over. */
    void abandoned(Call call) {
        lock.lock();
        try {
            open.remove(call);
            waiting.remove(call);
        } finally {
            lock.unlock();
        }
    }

    /** The server did not take a call, being busy with others: it is sent again, before all others. False if the server takes no calls at all. */
    boolean postponed(Call call, Shard shard) {
        refusals.increment();
        lock.lock();
        try {
            if (closed || !shard.refused(call.connection(), timers.nanoTime())) {
                return false;
            }
            breaker.ended(call, Breaker.Result.NOTHING);
            call.await();
            waiting.addAgain(call);
        } finally {
            lock.unlock();
        }
        sending.run();
        return true;
    }

    /** Whether calls wait because the origin fails. */
    public boolean isSuspended() {
        lock.lock();
        try {
            return !breaker.isClosed();
        } finally {
            lock.unlock();
        }
    }

    /** Calls that are on their way. */
    public int inFlight() {
        lock.lock();
        try {
            return shards.stream().mapToInt(Shard::inFlight).sum();
        } finally {
            lock.unlock();
        }
    }

    /** Calls that wait until they may be sent. */
    public int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /** How often the server did not take a call, over HTTP/2, since it had too many on the connection. */
    public long refusals() {
        return refusals.sum();
    }

    /** Ends all calls, those that are on their way too. */
    void close() {
        List<Call> ended;
        lock.lock();
        try {
            closed = true;
            ended = List.copyOf(open);
            waiting.clear();
            open.clear();
        } finally {
            lock.unlock();
        }
        ended.forEach(Call::close);
    }
}
