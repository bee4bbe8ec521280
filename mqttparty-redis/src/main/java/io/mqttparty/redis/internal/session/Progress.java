package io.mqttparty.redis.internal.session;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lettuce.core.protocol.CommandType;
import io.mqttparty.model.ClientId;
import io.mqttparty.redis.internal.key.Keys;
import io.mqttparty.redis.internal.lane.Eval;
import io.mqttparty.redis.internal.lane.Lanes;
import io.mqttparty.redis.internal.lane.RedisContext;
import io.mqttparty.redis.internal.lane.Reply;
import io.mqttparty.redis.internal.lane.Script;
import io.mqttparty.spi.Fence;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.Queued;
import io.mqttparty.spi.SessionRef;
import io.mqttparty.spi.SessionStore.Position;
import io.mqttparty.spi.SessionStore.Qos2Out;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** How sessions read their queues and how far they have come. */
final class Progress {
    private static final Script WATERMARK = Script.load(Progress.class, "watermark");
    private static final Script RELEASED = Script.load(Progress.class, "released");
    private static final Script COMPLETED = Script.load(Progress.class, "completed");
    private static final Script POSITIONS = Script.load(Progress.class, "positions");
    private static final Script RENUMBER = Script.load(Progress.class, "renumber");

    /** So many positions are asked for at once, so that Redis is not held up for long. */
    private static final int POSITIONS_AT_ONCE = 50;

    private static final byte[] END = {'+'};
    private static final byte[] COUNT = "COUNT".getBytes(US_ASCII);

    private final RedisContext context;
    private final SessionNames names;

    Progress(RedisContext context, SessionNames names) {
        this.context = context;
        this.names = names;
    }

    CompletionStage<List<Queued>> read(SessionRef session, long afterSeq, int max) {
        return Lanes.call(
                context.lanes().of(session.client()),
                CommandType.XRANGE,
                QueueEntries::decode,
                context.keys().queue(session),
                ("(0-" + afterSeq).getBytes(US_ASCII),
                END,
                COUNT,
                Integer.toString(max).getBytes(US_ASCII));
    }

    CompletionStage<FenceResult> watermark(Fence fence, long sentUpTo, long acknowledgedUpTo) {
        return Eval.of(WATERMARK)
                .key(context.keys().session(fence.client()))
                .arg(fence.token().value())
                .arg(sentUpTo)
                .arg(acknowledgedUpTo)
                .call(context.lanes().of(fence.client()), Status::fence);
    }

    // ---- QoS 2 ----

    CompletionStage<FenceResult> qos2Out(Fence fence, long seq, Qos2Out step) {
        return switch (step) {
            case RELEASED -> released(fence, seq);
            case COMPLETED -> completed(fence, seq);
        };
    }

    private CompletionStage<FenceResult> released(Fence fence, long seq) {
        Keys keys = context.keys();
        ClientId client = fence.client();
        return NamedCall.run(
                client,
                names,
                context.lanes().gating(client),
                believed -> Eval.of(RELEASED)
                        .key(keys.session(client))
                        .key(keys.queue(client, believed.incarnation()))
                        .key(keys.released(client))
                        .arg(fence.token().value())
                        .arg(seq)
                        .arg(believed.incarnation()),
                Status::fence);
    }

    private CompletionStage<FenceResult> completed(Fence fence, long seq) {
        ClientId client = fence.client();
        return Eval.of(COMPLETED)
                .key(context.keys().session(client))
                .key(context.keys().released(client))
                .arg(fence.token().value())
                .arg(seq)
                .call(context.lanes().of(client), Status::fence);
    }

    // ---- checks ----

    CompletionStage<List<Position>> positions(List<SessionRef> sessions) {
        List<Position> found = new ArrayList<>(sessions.size());
        return positions(sessions, 0, found).thenApply(done -> found);
    }

    /** One page after the other, each on its way only when the one before has come. */
    private CompletionStage<@Nullable Void> positions(List<SessionRef> sessions, int from, List<Position> found) {
        if (from >= sessions.size()) {
            return CompletableFuture.completedFuture(null);
        }
        List<SessionRef> page = sessions.subList(from, Math.min(sessions.size(), from + POSITIONS_AT_ONCE));
        Eval script = Eval.of(POSITIONS);
        for (SessionRef each : page) {
            script.key(context.keys().session(each.client())).key(context.keys().queue(each));
        }
        page.forEach(each -> script.arg(each.incarnation().value()));
        return script.call(context.lanes().of(page.get(0).client()), reply -> addPositions(page, reply, found))
                .thenCompose(added -> positions(sessions, from + POSITIONS_AT_ONCE, found));
    }

    private static int addPositions(List<SessionRef> page, @Nullable Object reply, List<Position> found) {
        List<@Nullable Object> answers = Reply.list(reply);
        for (int i = 0; i < page.size(); i++) {
            List<@Nullable Object> position = Reply.list(answers.get(i));
            if (!position.isEmpty()) {
                found.add(new Position(
                        page.get(i),
                        Reply.number(position.get(0)),
                        Reply.number(position.get(1)),
                        Reply.number(position.get(2))));
            }
        }
        return found.size();
    }

    CompletionStage<FenceResult> renumber(Fence fence, long sentUpTo) {
        Keys keys = context.keys();
        ClientId client = fence.client();
        return NamedCall.run(
                client,
                names,
                context.lanes().gating(client),
                believed -> Eval.of(RENUMBER)
                        .key(keys.session(client))
                        .key(keys.queue(client, believed.incarnation()))
                        .arg(fence.token().value())
                        .arg(sentUpTo)
                        .arg(believed.incarnation()),
                Status::fence);
    }
}
