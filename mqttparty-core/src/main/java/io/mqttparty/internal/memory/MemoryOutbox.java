package io.mqttparty.internal.memory;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.mqttparty.spi.DeadLetters;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.Outbox;
import io.mqttparty.spi.OutboxFullException;
import io.mqttparty.spi.Token;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;

/** The outbox: as many shards as the durable one has, each with an equal part of the room. */
final class MemoryOutbox implements Outbox, DeadLetters {
    private static final int SHARDS = 16;

    private final List<OutboxShard> shards;
    private final OutboxDrainers drainers;

    MemoryOutbox(MemoryBackend.Config config) {
        OutboxRoom room = OutboxRoom.of(config, SHARDS);
        shards = IntStream.range(0, SHARDS)
                .mapToObj(number -> new OutboxShard(number, room, config.clock()))
                .toList();
        drainers = new OutboxDrainers(config.clock());
    }

    @Override
    public int shards() {
        return SHARDS;
    }

    @Override
    public CompletionStage<Void> append(Entry entry) {
        try {
            shards.get(shardOf(entry.client())).append(entry);
            return completedFuture(null);
        } catch (OutboxFullException e) {
            return failedFuture(e);
        }
    }

    @Override
    public CompletionStage<List<Token>> drainers(Token drainer, Duration time) {
        return completedFuture(drainers.announce(drainer, time));
    }

    @Override
    public CompletionStage<Optional<Lease>> lease(int shard, Token holder, Duration time) {
        return completedFuture(shards.get(shard).lease(holder, time));
    }

    @Override
    public CompletionStage<FenceResult> release(Lease lease) {
        return of(lease).release(lease) ? Answers.OK : Answers.STALE;
    }

    @Override
    public CompletionStage<Page> read(Lease lease, long after, int max) {
        return completedFuture(of(lease).read(lease, after, max));
    }

    @Override
    public CompletionStage<FenceResult> done(Lease lease, List<Waiting> delivered) {
        return of(lease).done(lease, delivered) ? Answers.OK : Answers.STALE;
    }

    @Override
    public CompletionStage<FenceResult> failed(Lease lease, Waiting message, int attempts) {
        return of(lease).failed(lease, message, attempts) ? Answers.OK : Answers.STALE;
    }

    @Override
    public CompletionStage<FenceResult> deadLetter(Lease lease, Waiting message, int attempts, String reason) {
        return of(lease).deadLetter(lease, message, attempts, reason) ? Answers.OK : Answers.STALE;
    }

    private OutboxShard of(Lease lease) {
        return shards.get(lease.shard());
    }

    @Override
    public CompletionStage<List<ShardStatus>> status() {
        return completedFuture(shards.stream().map(OutboxShard::status).toList());
    }

    // ---- dead letters ----

    @Override
    public DeadLetters deadLetters() {
        return this;
    }

    @Override
    public CompletionStage<List<DeadLetter>> list(int shard, long after, int max) {
        return completedFuture(shards.get(shard).deadLetters(after, max));
    }

    @Override
    public CompletionStage<Boolean> remove(int shard, long position) {
        return completedFuture(shards.get(shard).removeDeadLetter(position));
    }

    @Override
    public CompletionStage<Boolean> requeue(int shard, long position) {
        try {
            return completedFuture(shards.get(shard).requeue(position));
        } catch (OutboxFullException e) {
            return failedFuture(e);
        }
    }
}
