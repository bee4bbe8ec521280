package io.mqttparty.http.internal.outbox;

import io.mqttparty.http.internal.client.Causes;
import io.mqttparty.spi.Outbox.Lease;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The calls of the outbox that one term makes. What follows on them runs in the turns of the shard, and not at all once the term has ended. */
final class OutboxCalls {
    /** How long to wait after a call that failed; twice as long after each further one. */
    private static final Duration FIRST_RETRY = Duration.ofMillis(500);

    private static final Duration LONGEST_RETRY = Duration.ofSeconds(4);

    private final Lease lease;
    private final Drain drain;
    private final Term.Owner owner;
    private Duration retry = FIRST_RETRY;
    private boolean ended;

    OutboxCalls(Lease lease, Drain drain, Term.Owner owner) {
        this.lease = lease;
        this.drain = drain;
        this.owner = owner;
    }

    /** Nothing follows any more. */
    void end() {
        ended = true;
    }

    /** How long to wait before a call that failed is made again. */
    Duration retry() {
        return retry;
    }

    <T> void call(String what, Supplier<CompletionStage<T>> call, Consumer<T> onResult, Runnable onFailure) {
        CompletionStage<T> stage;
        try {
            stage = call.get();
        } catch (RuntimeException e) {
            stage = CompletableFuture.failedFuture(e);
        }
        var unused = stage.whenComplete((result, failure) -> owner.inTurn(() -> {
            if (ended) {
                return;
            }
            if (failure == null) {
                retry = FIRST_RETRY;
                onResult.accept(result);
            } else {
                drain.listener().outboxFailed(lease.shard(), what, Causes.of(failure));
                onFailure.run();
                Duration next = retry.multipliedBy(2);
                retry = next.compareTo(LONGEST_RETRY) < 0 ? next : LONGEST_RETRY;
            }
        }));
    }

    /** Runs a task when it is time to make a call again. */
    void later(Runnable task) {
        drain.timers()
                .schedule(
                        retry.toNanos(),
                        () -> owner.inTurn(() -> {
                            if (!ended) {
                                task.run();
                            }
                        }));
    }
}
