package io.mqttparty.redis.internal.retained;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.CompletableFuture.completedFuture;

import io.lettuce.core.protocol.CommandType;
import io.mqttparty.model.Message;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.TopicName;
import io.mqttparty.redis.internal.lane.Eval;
import io.mqttparty.redis.internal.lane.Lane;
import io.mqttparty.redis.internal.lane.Lanes;
import io.mqttparty.redis.internal.lane.RedisContext;
import io.mqttparty.redis.internal.lane.Reply;
import io.mqttparty.redis.internal.lane.Script;
import io.mqttparty.redis.internal.record.Records;
import io.mqttparty.spi.Fence;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.RetainedStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The retained messages of all nodes. Changes of one topic go through one lane, so that the last writer of a node wins there too. */
public final class RedisRetained implements RetainedStore {
    private static final Script PUT = Script.load(RedisRetained.class, "put");

    private static final byte[] NOTHING = {};

    private final RedisContext context;
    private final Buckets buckets;

    /** Of this Redis. */
    public RedisRetained(RedisContext context) {
        this.context = context;
        this.buckets = new Buckets(context.keys());
    }

    /** What is written for this message: nothing if it removes what is stored. */
    public static byte[] record(Message message) {
        return message.payload().isEmpty() ? NOTHING : Records.encode(message.withRetain(true)); // [MQTT-3.3.1-10]
    }

    @Override
    public CompletionStage<FenceResult> put(Message message, Optional<Fence> publisher) {
        int bucket = Buckets.of(message.topic());
        Eval put = Eval.of(PUT).key(buckets.values(bucket)).key(buckets.index(bucket));
        publisher.ifPresent(fence -> put.key(context.keys().session(fence.client())));
        put.arg(message.topic().value()).arg(record(message)); // [MQTT-3.3.1-5]
        publisher.ifPresent(fence -> put.arg(fence.epoch()));
        Lane lane = context.lanes().gating(message.topic().hashCode());
        return put.call(lane, reply -> FenceResult.valueOf(Reply.text(reply)));
    }

    @Override
    public CompletionStage<Optional<Message>> exact(TopicName topic) {
        return Lanes.call(
                context.lanes().of(topic.hashCode()),
                CommandType.HGET,
                reply -> Optional.ofNullable(MessageReads.decode(topic, reply)),
                buckets.values(Buckets.of(topic)),
                topic.value().getBytes(UTF_8));
    }

    @Override
    public CompletionStage<Page> match(TopicFilter filter, String after, int max) {
        if (filter.hasWildcard()) {
            return matchRange(filter, after, max);
        }
        return after.isEmpty()
                ? exact(TopicName.of(filter.matchedValue()))
                        .thenApply(found -> new Page(found.stream().toList(), Optional.empty()))
                : completedFuture(new Page(List.of(), Optional.empty()));
    }

    private CompletionStage<Page> matchRange(TopicFilter filter, String after, int max) {
        Lane lane = context.lanes().of(filter.hashCode());
        TopicRange range = new TopicRange(filter);
        List<TopicName> first = after.isEmpty() ? range.parent().stream().toList() : List.of();
        if (first.size() == max) {
            return new MessageReads(
                            lane, buckets, first, Optional.of(first.get(0).value()))
                    .run();
        }
        return new TopicScan(lane, buckets, filter, range, after, max - first.size())
                .run()
                .thenCompose(found -> {
                    List<TopicName> topics = new ArrayList<>(first);
                    topics.addAll(found.topics());
                    return new MessageReads(lane, buckets, topics, found.next()).run();
                });
    }
}
