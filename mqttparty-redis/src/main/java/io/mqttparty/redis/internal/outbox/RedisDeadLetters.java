package io.mqttparty.redis.internal.outbox;

import io.mqttparty.redis.internal.lane.Eval;
import io.mqttparty.redis.internal.lane.Lane;
import io.mqttparty.redis.internal.lane.RedisContext;
import io.mqttparty.redis.internal.lane.Reply;
import io.mqttparty.redis.internal.lane.Script;
import io.mqttparty.spi.DeadLetters;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

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
                .call(lane(shard), reply -> letters(shard, Reply.list(reply)));
    }

    private static List<DeadLetter> letters(int shard, List<@Nullable Object> elements) {
        List<DeadLetter> letters = new ArrayList<>(elements.size());
        for (Object each : elements) {
            List<@Nullable Object> element = Reply.list(each);
            List<@Nullable Object> fields = Answer.fields(element);
            letters.add(new DeadLetter(
                    shard,
                    Answer.position(element),
                    Answer.entry(element),
                    (int) Reply.number(fields.get(7)),
                    Reply.text(fields.get(9)),
                    Reply.number(fields.get(11))));
        }
        return letters;
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
