package io.mqttparty.redis.internal.session;

import io.mqttparty.model.MqttPartyException;
import io.mqttparty.redis.internal.lane.Eval;
import io.mqttparty.redis.internal.lane.Lane;
import io.mqttparty.redis.internal.lane.RedisContext;
import io.mqttparty.redis.internal.lane.Reply;
import io.mqttparty.redis.internal.lane.ReplyHandler;
import io.mqttparty.spi.SessionStore.Stored;
import io.mqttparty.spi.SharedTarget;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Takes a {@link Fanout} through a script chunk by chunk. The script remembers how far it is: it answers text for the chunk that is next, the list {@code {'CHUNK', done,
 * chunks}} for another one, and another list if there is nothing to do. Its steps follow each other, on whatever
 * threads.
 */
abstract class FanoutCall<T> implements ReplyHandler {
    private final Lane lane;
    private final Fanout fanout;
    private final Reached reached;
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private int chunks;
    private int chunk;
    private Fanout.Chunk current;

    FanoutCall(RedisContext context, Enqueuing queues, Lane lane, Fanout fanout) {
        this.lane = lane;
        this.fanout = fanout;
        this.reached = new Reached(context, queues, fanout.targets().legs());
        this.chunks = fanout.chunks();
        this.current = fanout.chunk(0, chunks);
    }

    /** A call of the script with the keys that come before those of the targets. */
    abstract Eval call();

    /** Adds the arguments that come before those of the targets. */
    abstract void arguments(Eval call, int ofChunk, int ofChunks);

    /** A chunk is done: reads what the answer tells before it tells of the targets. */
    abstract void onChunk(ByteBuffer answer);

    /** All targets are reached. */
    abstract T onReached(List<Stored> legs, List<SharedTarget> missed);

    /** Nothing was done, for this reason. */
    abstract CompletionStage<T> onRefused(String status, List<@Nullable Object> answer);

    final CompletionStage<T> run() {
        send();
        return result;
    }

    private void send() {
        Eval call = call();
        current.keys(call);
        arguments(call, chunk, chunks);
        current.arguments(call);
        call.send(lane, this);
    }

    /** The legs without those that this call has reached, of which nothing but the owner is known. */
    final CompletionStage<List<Stored>> legs() {
        return reached.legs(lane);
    }

    @Override
    public final void onReply(@Nullable Object reply) {
        if (reply instanceof byte[] bytes) {
            next(ByteBuffer.wrap(bytes));
            return;
        }
        List<@Nullable Object> answer = Reply.list(reply);
        String status = Status.of(answer);
        if (status.equals(Status.CHUNK)) {
            skipTo(Math.toIntExact(Reply.number(answer.get(1))), Math.toIntExact(Reply.number(answer.get(2))));
        } else {
            complete(onRefused(status, answer));
        }
    }

    private void next(ByteBuffer answer) {
        onChunk(answer);
        current.taken(answer, reached);
        if (chunk + 1 < chunks) {
            goOnAt(chunk + 1);
        } else {
            complete(legs().thenApply(legs -> onReached(legs, reached.missed())));
        }
    }

    private void goOnAt(int next) {
        chunk = next;
        current = fanout.chunk(chunk, chunks);
        send();
    }

    /** Another call has begun this, perhaps on another node that is gone. */
    private void skipTo(int done, int of) {
        if (of == chunks && done <= chunk) {
            throw new MqttPartyException("chunk: " + done + " of " + of + " (expected: " + chunk + " or more)", null);
        }
        chunks = of;
        goOnAt(done);
    }

    private void complete(CompletionStage<T> with) {
        with.whenComplete((value, failure) -> {
            if (failure == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(failure);
            }
        });
    }

    @Override
    public final void onFailure(Throwable cause) {
        result.completeExceptionally(cause);
    }
}
