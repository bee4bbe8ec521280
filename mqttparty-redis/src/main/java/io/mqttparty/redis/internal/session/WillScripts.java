package io.mqttparty.redis.internal.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.CompletableFuture.completedFuture;

import io.lettuce.core.protocol.CommandType;
import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import io.mqttparty.redis.internal.key.Keys;
import io.mqttparty.redis.internal.lane.Eval;
import io.mqttparty.redis.internal.lane.Lane;
import io.mqttparty.redis.internal.lane.Lanes;
import io.mqttparty.redis.internal.lane.RedisContext;
import io.mqttparty.redis.internal.lane.Reply;
import io.mqttparty.redis.internal.lane.Script;
import io.mqttparty.redis.internal.retained.Buckets;
import io.mqttparty.redis.internal.retained.RedisRetained;
import io.mqttparty.spi.SessionStore.Fired;
import io.mqttparty.spi.SessionStore.Stored;
import io.mqttparty.spi.SharedTarget;
import io.mqttparty.spi.Targets;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Publishes pending wills, each once. The caller does not have the will, so it is read first; it never changes but by the script that
 * follows.
 */
final class WillScripts {
    private static final Script RETAIN = Script.load(WillScripts.class, "will_retain");
    private static final Script FIRE = Script.load(WillScripts.class, "will_fire");

    private static final Fired NOT_PENDING = new Fired(false, List.of(), List.of());

    private final RedisContext context;
    private final Enqueuing queues;
    private final Buckets buckets;

    WillScripts(RedisContext context, Enqueuing queues) {
        this.context = context;
        this.queues = queues;
        this.buckets = new Buckets(context.keys());
    }

    CompletionStage<Boolean> retain(ClientId client, long epoch) {
        return find(client, epoch)
                .thenCompose(found -> found.filter(Message::retain)
                        .map(will -> retain(client, epoch, will))
                        .orElse(completedFuture(false)));
    }

    private CompletionStage<Boolean> retain(ClientId client, long epoch, Message will) {
        int bucket = Buckets.of(will.topic());
        return Eval.of(RETAIN)
                .key(context.keys().session(client))
                .key(buckets.values(bucket))
                .key(buckets.index(bucket))
                .arg(WillRecords.field(epoch))
                .arg(will.topic().value())
                .arg(RedisRetained.record(will)) // [MQTT-3.1.2-17]
                .call(lane(client), reply -> Reply.number(reply) == 1);
    }

    CompletionStage<Fired> fire(ClientId client, long epoch, Targets targets) {
        return find(client, epoch)
                .thenCompose(found -> found.map(will ->
                                new Firing(client, epoch, will.withRetain(false), targets).run()) // [MQTT-3.3.1-9]
                        .orElse(completedFuture(NOT_PENDING)));
    }

    private CompletionStage<Optional<Message>> find(ClientId client, long epoch) {
        return Lanes.call(
                lane(client),
                CommandType.HGET,
                reply -> reply == null
                        ? Optional.empty()
                        : Optional.of(WillRecords.decode(client, epoch, Reply.bytes(reply))
                                .will()
                                .message()),
                context.keys().session(client),
                WillRecords.field(epoch).getBytes(UTF_8));
    }

    private Lane lane(ClientId client) {
        return context.lanes().gating(client);
    }

    /** One publication. */
    private final class Firing extends FanoutCall<Fired> {
        private final ClientId client;
        private final long epoch;

        Firing(ClientId client, long epoch, Message will, Targets targets) {
            super(context, queues, lane(client), new Fanout(context, will, targets));
            this.client = client;
            this.epoch = epoch;
        }

        @Override
        Eval call() {
            return Eval.of(FIRE)
                    .key(context.keys().session(client))
                    .key(context.keys().wills(Keys.dueBucket(client)));
        }

        @Override
        void arguments(Eval call, int chunk, int chunks) {
            call.arg(client.value()).arg(WillRecords.field(epoch)).arg(chunk).arg(chunks);
        }

        @Override
        void onChunk(ByteBuffer answer) {}

        @Override
        Fired onReached(List<Stored> legs, List<SharedTarget> missed) {
            return new Fired(true, legs, missed);
        }

        @Override
        CompletionStage<Fired> onRefused(String status, List<@Nullable Object> answer) {
            return completedFuture(NOT_PENDING);
        }
    }
}
