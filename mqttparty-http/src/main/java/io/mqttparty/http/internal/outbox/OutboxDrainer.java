package io.mqttparty.http.internal.outbox;

import io.mqttparty.http.internal.client.Causes;
import io.mqttparty.http.internal.client.Timers;
import io.mqttparty.model.ClientId;
import io.mqttparty.spi.Token;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Drains an outbox together with all other nodes that do. All of them see the same list of drainers, and divide the shards among them in its order, so that each has as many as the
 * others and none asks for what another one should have. A node that dies is on the list until its leases are over. Any thread may call.
 */
public final class OutboxDrainer {
    private static final int NO_SHARD = -1;

    private final Drain drain;
    private final List<ShardDrain> shards;
    private final Turns turns = new Turns();
    private Timers.@Nullable Scheduled next;
    private boolean asking;
    private volatile boolean stopping;

    /** Drains this; begins with {@link #start}. */
    public OutboxDrainer(Drain drain) {
        this.drain = drain;
        this.shards = IntStream.range(0, drain.outbox().shards())
                .mapToObj(shard -> new ShardDrain(shard, drain))
                .toList();
    }

    /** Begins. */
    public void start() {
        turns.execute(this::renew);
    }

    /** A message of this client was appended on this node: it need not wait until somebody looks. */
    public void appended(ClientId client) {
        shards.get(drain.outbox().shardOf(client)).wake();
    }

    /**
     * Begins nothing new, waits for what has begun, and gives the shards to the others.
     *
     * @param limit after which the leases of shards that are still at work are left to end by themselves
     */
    public CompletionStage<Void> stop(Duration limit) {
        stopping = true;
        turns.execute(() -> {
            if (next != null) {
                next.cancel();
            }
        });
        CompletableFuture<Void> given = CompletableFuture.allOf(
                shards.stream().map(each -> each.stop().toCompletableFuture()).toArray(CompletableFuture[]::new));
        Timers.Scheduled timer = drain.timers().schedule(limit.toNanos(), () -> given.complete(null));
        return given.thenCompose(all -> {
            timer.cancel();
            return announce(Duration.ZERO).<Void>handle((drainers, failure) -> null);
        });
    }

    private void renew() {
        if (stopping) {
            return;
        }
        shards.forEach(ShardDrain::renewal);
        if (!asking) {
            asking = true;
            var unused = announce(drain.settings().lease())
                    .whenComplete((drainers, failure) -> turns.execute(() -> {
                        asking = false;
                        if (failure == null) {
                            divide(drainers);
                        } else {
                            drain.listener().outboxFailed(NO_SHARD, "drainers", Causes.of(failure));
                        }
                    }));
        }
        long nanos = drain.settings().renewal().toNanos();
        long jittered = nanos - (long) (nanos / 8.0 * drain.random().nextDouble());
        next = drain.timers().schedule(jittered, () -> turns.execute(this::renew));
    }

    private CompletionStage<List<Token>> announce(Duration time) {
        try {
            return drain.outbox().drainers(drain.holder(), time);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void divide(List<Token> drainers) {
        int mine = drainers.indexOf(drain.holder());
        if (mine < 0 || stopping) {
            return; // this node was so slow that it is none of them: it says so again
        }
        for (int shard = 0; shard < shards.size(); shard++) {
            shards.get(shard).want(shard % drainers.size() == mine, drainers.size() == 1);
        }
    }
}
