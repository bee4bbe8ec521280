package io.mqttparty.redis.internal.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.CompletableFuture.completedFuture;

import io.mqttparty.redis.internal.lane.Eval;
import io.mqttparty.redis.internal.lane.Lane;
import io.mqttparty.redis.internal.lane.RedisContext;
import io.mqttparty.redis.internal.lane.Reply;
import io.mqttparty.redis.internal.lane.Script;
import io.mqttparty.spi.DeadLetters;
import io.mqttparty.spi.DeadLetters.DeadLetter;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.Outbox;
import io.mqttparty.spi.Token;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The outbox of all nodes. Each change is one script on the keys of one shard; it can be executed twice. */
public final class RedisOutbox implements Outbox {
    /** Every node that ever uses the same keys has to have the same number. */
    static final int SHARDS = 16;

    /** A page ends with the entry that makes it larger than this. */
    static final int PAGE_BYTES = 256 * 1024;

    static final int PAGE_ENTRIES = 1_000;

    private static final Script APPEND = script("append");
    private static final Script DRAINERS = script("drainers");
    private static final Script LEASE = script("lease");
    private static final Script RELEASE = script("release");
    private static final Script READ = script("read");
    private static final Script DONE = script("done");
    private static final Script FAILED = script("failed");
    private static final Script DEAD = script("dead");
    private static final Script STATUS = script("status");

    private final RedisContext context;
    private final Room room;
    private final List<Shard> shards;
    private final RedisDeadLetters deadLetters;

    /** Of this Redis. */
    public RedisOutbox(RedisContext context) {
        this.context = context;
        this.room = Room.of(context.limits(), SHARDS);
        this.shards = IntStream.range(0, SHARDS)
                .mapToObj(number -> new Shard(context.keys(), number))
                .toList();
        this.deadLetters = new RedisDeadLetters(context, shards, room);
    }

    static Script script(String name) {
        return Script.load(RedisOutbox.class, name);
    }

    @Override
    public int shards() {
        return SHARDS;
    }

    @Override
    public CompletionStage<Void> append(Entry entry) {
        Shard shard = shards.get(shardOf(entry.client()));
        return Eval.of(APPEND)
                .key(shard.stream)
                .key(shard.meta)
                .key(shard.keys)
                .arg(EntryRecords.key(entry))
                .arg(EntryRecords.record(entry))
                .arg(entry.bytes())
                .arg(room.messages())
                .arg(room.bytes())
                .call(
                        context.lanes().gating(entry.client()),
                        reply -> Answer.of(reply).orFull(shard.number))
                .thenAccept(appended -> {});
    }

    // ---- draining ----

    @Override
    public CompletionStage<List<Token>> drainers(Token drainer, Duration time) {
        return Eval.of(DRAINERS)
                .key(context.keys().drainers())
                .arg(drainer.value())
                .arg(time.toMillis())
                .call(
                        lane(0),
                        reply -> Reply.list(reply).stream()
                                .map(each -> Reply.text(each))
                                .sorted()
                                .map(Token::new)
                                .toList());
    }

    @Override
    public CompletionStage<Optional<Lease>> lease(int shard, Token holder, Duration time) {
        return Eval.of(LEASE)
                .key(shards.get(shard).meta)
                .arg(holder.value())
                .arg(Math.max(1, time.toMillis()))
                .call(lane(shard), reply -> {
                    Answer answer = Answer.of(reply);
                    return answer.isGiven()
                            ? Optional.of(new Lease(shard, holder, Reply.number(answer.part(1))))
                            : Optional.empty();
                });
    }

    @Override
    public CompletionStage<FenceResult> release(Lease lease) {
        return fenced(lease, Eval.of(RELEASE).key(of(lease).meta))
                .call(lane(lease.shard()), reply -> Answer.of(reply).fence());
    }

    @Override
    public CompletionStage<Page> read(Lease lease, long after, int max) {
        return read(lease, after, max, 0);
    }

    /** Reads on behind pages of which nothing could be read: an empty page would mean that this is the end. */
    private CompletionStage<Page> read(Lease lease, long after, int max, int passedOver) {
        Shard shard = of(lease);
        Eval read = Eval.of(READ).key(shard.stream).key(shard.meta).key(shard.attempts);
        return fenced(lease, read)
                .arg(after)
                .arg(Math.min(max, PAGE_ENTRIES))
                .arg(PAGE_BYTES)
                .call(lane(lease.shard()), reply -> Answer.of(reply))
                .thenCompose(answer -> {
                    if (answer.fence() == FenceResult.STALE) {
                        return completedFuture(new Page(FenceResult.STALE, List.of()));
                    }
                    Elements found = Elements.of(answer.part(1), "entries of shard " + lease.shard());
                    int unreadable = passedOver + found.unreadable();
                    return found.readable().isEmpty() && found.unreadable() > 0
                            ? read(lease, found.lastPosition(), max, unreadable)
                            : completedFuture(new Page(FenceResult.OK, waiting(found, answer.part(2)), unreadable));
                });
    }

    private static List<Waiting> waiting(Elements found, @Nullable Object attempts) {
        List<@Nullable Object> failed = Reply.list(attempts);
        return found.readable().stream()
                .map(each -> new Waiting(each.position(), each.entry(), (int) Reply.number(failed.get(each.index()))))
                .toList();
    }

    @Override
    public CompletionStage<FenceResult> done(Lease lease, List<Waiting> delivered) {
        Shard shard = of(lease);
        Eval done = fenced(
                lease,
                Eval.of(DONE).key(shard.stream).key(shard.meta).key(shard.keys).key(shard.attempts));
        for (Waiting each : delivered) {
            done.arg(each.position())
                    .arg(EntryRecords.key(each.entry()))
                    .arg(each.entry().bytes());
        }
        return done.call(lane(lease.shard()), reply -> Answer.of(reply).fence());
    }

    @Override
    public CompletionStage<FenceResult> failed(Lease lease, Waiting message, int attempts) {
        Shard shard = of(lease);
        Eval failed = Eval.of(FAILED).key(shard.meta).key(shard.keys).key(shard.attempts);
        return fenced(lease, failed)
                .arg(message.position())
                .arg(EntryRecords.key(message.entry()))
                .arg(attempts)
                .call(lane(lease.shard()), reply -> Answer.of(reply).fence());
    }

    @Override
    public CompletionStage<FenceResult> deadLetter(Lease lease, Waiting message, int attempts, String reason) {
        Shard shard = of(lease);
        Eval dead = Eval.of(DEAD)
                .key(shard.stream)
                .key(shard.meta)
                .key(shard.keys)
                .key(shard.attempts)
                .key(shard.dead);
        return fenced(lease, dead)
                .arg(message.position())
                .arg(EntryRecords.key(message.entry()))
                .arg(attempts)
                .arg(DeadLetter.shorten(reason).getBytes(UTF_8))
                .arg(room.deadLetters())
                .arg(room.bytes())
                .call(lane(lease.shard()), reply -> Answer.of(reply).fence());
    }

    private Shard of(Lease lease) {
        return shards.get(lease.shard());
    }

    private static Eval fenced(Lease lease, Eval call) {
        return call.arg(lease.holder().value()).arg(lease.epoch());
    }

    /** One for all that concerns the drainer of a shard. */
    private Lane lane(int shard) {
        return context.lanes().of(shard);
    }

    // ---- from outside ----

    @Override
    public DeadLetters deadLetters() {
        return deadLetters;
    }

    @Override
    public CompletionStage<List<ShardStatus>> status() {
        List<CompletableFuture<ShardStatus>> each = shards.stream()
                .map(shard -> status(shard).toCompletableFuture())
                .toList();
        return CompletableFuture.allOf(each.toArray(CompletableFuture[]::new))
                .thenApply(all -> each.stream().map(CompletableFuture::join).toList());
    }

    private CompletionStage<ShardStatus> status(Shard shard) {
        return Eval.of(STATUS)
                .key(shard.stream)
                .key(shard.meta)
                .key(shard.dead)
                .arg(EntryRecords.HEAD)
                .call(lane(shard.number), reply -> status(shard.number, Reply.list(reply)));
    }

    private static ShardStatus status(int shard, List<@Nullable Object> figures) {
        byte[] oldest = Reply.bytes(figures.get(2));
        String holder = Reply.text(figures.get(6));
        return new ShardStatus(
                shard,
                Reply.number(figures.get(0)),
                Reply.number(figures.get(1)),
                EntryRecords.receivedMillis(oldest),
                Reply.number(figures.get(3)),
                Reply.number(figures.get(4)),
                Reply.number(figures.get(5)),
                holder.isEmpty() ? Optional.empty() : Optional.of(new Token(holder)));
    }
}
