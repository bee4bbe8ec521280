package io.mqttparty.http.internal.outbox;

import io.mqttparty.http.internal.client.Causes;
import io.mqttparty.spi.Outbox.Lease;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The lease of one shard: asks for it while the shard is this node's, renews it while it drains, and gives it back when the shard is another one's. Any thread may call.
 *
 * <pre>
 * state          want(true)   want(false)         lease given       refused or STALE     renewal()
 * not wanted     ask          -                   release           -                    -
 * asking         -            not wanted          new term          ask in a second      ask
 * draining       -            finishing           renewed           ask in a second      ask (renews)
 * finishing      -            -                   renewed           not wanted           ask (renews)
 * (finished: release, then as wanted)
 * </pre>
 */
final class ShardDrain implements Term.Owner {
    private static final Duration ASK_AGAIN = Duration.ofSeconds(1);

    private final int shard;
    private final Drain drain;
    private final Turns turns = new Turns();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private final long marginNanos;
    private boolean wanted;
    private boolean stopping;
    private boolean asking;
    private boolean askingLater;
    private @Nullable Term term;
    private boolean finishing;
    private long leasedUntilNanos;
    private Duration longestPoll;

    ShardDrain(int shard, Drain drain) {
        this.shard = shard;
        this.drain = drain;
        this.longestPoll = drain.settings().longestPoll();
        this.marginNanos = drain.settings().delivery().toNanos();
    }

    /** Whether this node should drain the shard, and whether any other node drains at all. */
    void want(boolean yes, boolean alone) {
        inTurn(() -> {
            longestPoll = alone
                    ? drain.settings().longestPollAlone()
                    : drain.settings().longestPoll();
            wanted = yes && !stopping;
            if (wanted && term == null) {
                ask();
            } else if (!wanted && term != null) {
                finish(term);
            }
        });
    }

    /** It is time to renew. */
    void renewal() {
        inTurn(() -> {
            if (wanted || term != null) {
                ask();
            }
        });
    }

    /** Something was put into the shard on this node. */
    void wake() {
        inTurn(() -> {
            if (term != null) {
                term.wake();
            }
        });
    }

    /** Finishes what has begun and gives the lease back; completes when that is done. */
    CompletionStage<Void> stop() {
        inTurn(() -> {
            stopping = true;
            wanted = false;
            if (term != null) {
                finish(term);
            } else {
                checkStopped();
            }
        });
        return stopped;
    }

    // ---- the lease ----

    private void ask() {
        if (asking) {
            return;
        }
        asking = true;
        long sent = drain.timers().nanoTime();
        CompletionStage<Optional<Lease>> answer;
        try {
            answer =
                    drain.outbox().lease(shard, drain.holder(), drain.settings().lease());
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        var unused = answer.whenComplete((lease, failure) -> inTurn(() -> {
            asking = false;
            if (failure != null) {
                drain.listener().outboxFailed(shard, "lease", Causes.of(failure));
                askLater();
            } else if (lease.isPresent()) {
                onLease(lease.get(), sent);
            } else {
                onStale(term);
            }
            checkStopped();
        }));
    }

    private void onLease(Lease lease, long sent) {
        leasedUntilNanos = sent + drain.settings().lease().toNanos();
        Term now = term;
        if (now != null && now.lease().equals(lease)) {
            now.goOn();
            return;
        }
        endTerm();
        if (wanted) {
            term = new Term(lease, drain, this);
            drain.listener().leaseChanged(shard, true);
            term.goOn();
        } else {
            release(lease);
        }
    }

    private void askLater() {
        if (wanted && !askingLater) {
            askingLater = true;
            long nanos = ASK_AGAIN.toNanos();
            long jittered = nanos - (long) (nanos / 4.0 * drain.random().nextDouble());
            drain.timers()
                    .schedule(
                            jittered,
                            () -> inTurn(() -> {
                                askingLater = false;
                                if (wanted && (term == null || !mayDeliver())) {
                                    ask();
                                }
                            }));
        }
    }

    private void finish(Term of) {
        if (!finishing) {
            finishing = true;
            of.finish(() -> {
                endTerm();
                release(of.lease());
            });
        }
    }

    private void release(Lease lease) {
        CompletionStage<?> answer;
        try {
            answer = drain.outbox().release(lease);
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        asking = true; // until it is answered, another lease could be the one that it ends
        var unused = answer.whenComplete((result, failure) -> inTurn(() -> {
            asking = false;
            if (failure != null) {
                drain.listener().outboxFailed(shard, "release", Causes.of(failure));
            }
            if (wanted) {
                ask();
            }
            checkStopped();
        }));
    }

    private void endTerm() {
        if (term != null) {
            term.end();
            term = null;
            finishing = false;
            drain.listener().leaseChanged(shard, false);
        }
    }

    private void checkStopped() {
        if (stopping && term == null && !asking) {
            stopped.complete(null);
        }
    }

    // ---- for its term ----

    @Override
    public boolean mayDeliver() {
        return leasedUntilNanos - marginNanos - drain.timers().nanoTime() > 0;
    }

    @Override
    public Duration longestPoll() {
        return longestPoll;
    }

    @Override
    public void onStale(@Nullable Term of) {
        if (of == term) {
            endTerm();
            askLater();
            checkStopped();
        }
    }

    @Override
    public void inTurn(Runnable task) {
        turns.execute(task);
    }
}
