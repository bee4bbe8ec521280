package io.mqttparty.redis.internal.outbox;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.mqttparty.redis.internal.lane.Eval;
import io.mqttparty.redis.internal.lane.Lane;
import io.mqttparty.redis.internal.lane.RedisContext;
import io.mqttparty.redis.internal.lane.Reply;
import io.mqttparty.redis.internal.lane.Script;
import io.mqttparty.spi.DeadLetters;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The dead letters of all nodes. */
final class RedisDeadLetters implements DeadLetters {
    private static final Script LETTERS = RedisOutbox.script("letters");
    private static final Script REMOVE = RedisOutbox.script("remove");
    private static final Script REQUEUE = RedisOutbox.script("requeue");

    private final RedisContext context;
    private final List<Shard> shards;
    private final Room room;

    RedisDeadLetters(RedisContext context, List<Shard> shards, Room room) {
        this.context = context;
        this.shards = shards;
        this.room = room;
    }

    @Override
    public CompletionStage<List<DeadLetter>> list(int shard, long after, int max) {
        return Eval.of(LETTERS)
                .key(shards.get(shard).dead)
                .arg(after)
                .arg(Math.min(max, RedisOutbox.PAGE_ENTRIES))
                .arg(RedisOutbox.PAGE_BYTES)
                .call(lane(shard), reply -> Elements.of(reply, "dead letters of shard " + shard))
                .thenCompose(found -> found.readable().isEmpty() && found.unreadable() > 0
                        ? list(shard, found.lastPosition(), max) // an empty page would mean that this is the end
                        : completedFuture(letters(shard, found.readable())));
    }

    private static List<DeadLetter> letters(int shard, List<Elements.Element> elements) {
        return elements.stream().map(each -> letter(shard, each)).toList();
    }

    private static DeadLetter letter(int shard, Elements.Element of) {
        return new DeadLetter(
                shard,
                of.position(),
                of.entry(),
                (int) Reply.number(of.fields().get(7)),
                Reply.text(of.fields().get(9)),
                Reply.number(of.fields().get(11)));
    }

    @Override
    public CompletionStage<Boolean> remove(int shard, long position) {
        Shard of = shards.get(shard);
        return Eval.of(REMOVE)
                .key(of.meta)
                .key(of.dead)
                .arg(position)
                .call(lane(shard), reply -> Answer.of(reply).wasThere());
    }

    @Override
    public CompletionStage<Boolean> requeue(int shard, long position) {
        Shard of = shards.get(shard);
        return Eval.of(REQUEUE)
                .key(of.stream)
                .key(of.meta)
                .key(of.keys)
                .key(of.dead)
                .arg(position)
                .arg(room.messages())
                .arg(room.bytes())
                .call(lane(shard), reply -> Answer.of(reply).orFull(shard).wasThere());
    }

    private Lane lane(int shard) {
        return context.lanes().of(shard);
    }
}
