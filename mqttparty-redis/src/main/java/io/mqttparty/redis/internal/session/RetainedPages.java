package io.mqttparty.redis.internal.session;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.MqttPartyException;
import io.mqttparty.model.TopicName;
import io.mqttparty.redis.internal.lane.Eval;
import io.mqttparty.redis.internal.lane.RedisContext;
import io.mqttparty.redis.internal.lane.Reply;
import io.mqttparty.redis.internal.lane.Script;
import io.mqttparty.redis.internal.retained.Buckets;
import io.mqttparty.redis.internal.session.SessionNames.Names;
import io.mqttparty.spi.Fence;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.SessionStore.RetainedEnqueued;
import io.mqttparty.spi.SessionStore.RetainedStep;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Retained messages into the own queue of a session, page by page. The script reads them itself, so that a value older than one that is in the
 * queue already cannot come after it.
 */
final class RetainedPages {
    private static final Script PAGE = Script.load(RetainedPages.class, "retained_page");

    private static final byte[] NOTHING = {};
    /** The place of the first bucket among the keys of the script. */
    private static final int FIRST_BUCKET = 3;

    private final RedisContext context;
    private final SessionNames names;
    private final Buckets buckets;

    RetainedPages(RedisContext context, SessionNames names) {
        this.context = context;
        this.names = names;
        this.buckets = new Buckets(context.keys());
    }

    CompletionStage<RetainedEnqueued> enqueue(Fence fence, RetainedStep step) {
        return NamedCall.run(
                fence.client(),
                names,
                context.lanes().of(fence.client()),
                believed -> call(fence, step, believed),
                answer -> enqueued(fence.client(), answer));
    }

    private Eval call(Fence fence, RetainedStep step, Names believed) {
        String incarnation = believed.incarnation().isEmpty() ? fence.token().value() : believed.incarnation();
        List<TopicName> topics = step.topics();
        List<Integer> used = topics.stream().map(Buckets::of).distinct().toList();
        Eval call = Eval.of(PAGE)
                .key(context.keys().session(fence.client()))
                .key(context.keys().queue(fence.client(), incarnation));
        used.forEach(bucket -> call.key(buckets.values(bucket)));
        call.arg(fence.token().value())
                .arg(incarnation)
                .arg(RetainedCursors.encode(step.from()))
                .arg(step.next().map(RetainedCursors::encode).orElse(NOTHING))
                .arg(context.limits().queueMessages())
                .arg(context.limits().queueBytes())
                .arg(step.from().grant().value());
        topics.forEach(topic ->
                call.arg(FIRST_BUCKET + used.indexOf(Buckets.of(topic))).arg(topic.value()));
        return call;
    }

    private static RetainedEnqueued enqueued(ClientId client, List<@Nullable Object> answer) {
        return switch (Status.of(answer)) {
            case Status.OK -> new RetainedEnqueued(FenceResult.OK, Reply.number(answer.get(1)));
            case Status.STALE -> new RetainedEnqueued(FenceResult.STALE, 0);
            default ->
                throw new MqttPartyException(
                        "redis: the queue of " + client + " is not there (expected: as long as its session is)");
        };
    }
}
