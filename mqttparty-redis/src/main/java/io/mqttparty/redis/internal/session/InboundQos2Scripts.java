package io.mqttparty.redis.internal.session;

import static io.mqttparty.redis.internal.session.Qos2Entries.DONE;
import static io.mqttparty.redis.internal.session.Qos2Entries.ENQUEUED;
import static java.util.concurrent.CompletableFuture.completedFuture;

import io.mqttparty.model.Message;
import io.mqttparty.model.MqttPartyException;
import io.mqttparty.redis.internal.lane.Eval;
import io.mqttparty.redis.internal.lane.Lane;
import io.mqttparty.redis.internal.lane.RedisContext;
import io.mqttparty.redis.internal.lane.Reply;
import io.mqttparty.redis.internal.lane.Script;
import io.mqttparty.redis.internal.retained.Buckets;
import io.mqttparty.redis.internal.retained.RedisRetained;
import io.mqttparty.spi.Fence;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.MessageId;
import io.mqttparty.spi.SessionStore.Qos2In;
import io.mqttparty.spi.SessionStore.Qos2Publish;
import io.mqttparty.spi.SessionStore.Qos2Published;
import io.mqttparty.spi.SessionStore.Stored;
import io.mqttparty.spi.SharedTarget;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * QoS 2 from a publisher, exactly once (section 4.3.3): each step is one script on the publisher's lane. They all go through the lane that waits
 * for replicas: a packet id whose release is lost would make the next message with it a duplicate.
 */
final class InboundQos2Scripts {
    private static final Script BEGIN = Script.load(InboundQos2Scripts.class, "qos2_begin");
    private static final Script PUBLISH = Script.load(InboundQos2Scripts.class, "qos2_publish");
    private static final Script DONE_STEP = Script.load(InboundQos2Scripts.class, "qos2_done");
    private static final Script CLEAR_STEP = Script.load(InboundQos2Scripts.class, "qos2_clear");

    private final RedisContext context;
    private final Enqueuing queues;
    private final Buckets buckets;

    InboundQos2Scripts(RedisContext context, Enqueuing queues) {
        this.context = context;
        this.queues = queues;
        this.buckets = new Buckets(context.keys());
    }

    CompletionStage<FenceResult> beginRetained(Fence publisher, Qos2Publish publish) {
        Message message = publish.message();
        int bucket = Buckets.of(message.topic());
        return call(BEGIN, publisher)
                .key(buckets.values(bucket))
                .key(buckets.index(bucket))
                .arg(publisher.token().value())
                .arg(publish.packetId())
                .arg(Qos2Entries.begun(publish.messageId()))
                .arg(message.topic().value())
                .arg(RedisRetained.record(message))
                .call(lane(publisher), Status::fence);
    }

    CompletionStage<FenceResult> step(Fence publisher, int packetId, Qos2In step) {
        Script script = switch (step) {
            case DONE -> DONE_STEP;
            case CLEAR -> CLEAR_STEP;
        };
        return call(script, publisher)
                .arg(publisher.token().value())
                .arg(packetId)
                .call(lane(publisher), Status::fence);
    }

    CompletionStage<Qos2Published> publish(Fence publisher, Qos2Publish publish) {
        return new Publishing(publisher, publish).run();
    }

    private Eval call(Script script, Fence publisher) {
        return Eval.of(script)
                .key(context.keys().session(publisher.client()))
                .key(context.keys().inbound(publisher.client()));
    }

    private Lane lane(Fence publisher) {
        return context.lanes().gating(publisher.client());
    }

    /** One publish. */
    private final class Publishing extends FanoutCall<Qos2Published> {
        private final Fence publisher;
        private final Qos2Publish publish;
        private MessageId id;

        Publishing(Fence publisher, Qos2Publish publish) {
            super(context, queues, lane(publisher), new Fanout(context, publish.message(), publish.targets()));
            this.publisher = publisher;
            this.publish = publish;
            this.id = publish.messageId();
        }

        @Override
        Eval call() {
            return InboundQos2Scripts.this.call(PUBLISH, publisher);
        }

        @Override
        void arguments(Eval call, int chunk, int chunks) {
            call.arg(publisher.token().value())
                    .arg(publish.packetId())
                    .arg(Qos2Entries.bytes(publish.messageId()))
                    .arg(publish.upstream() ? ENQUEUED : DONE)
                    .arg(chunk)
                    .arg(chunks);
        }

        @Override
        void onChunk(ByteBuffer answer) {
            id = Qos2Entries.messageId(answer);
        }

        @Override
        Qos2Published onReached(List<Stored> legs, List<SharedTarget> missed) {
            return new Qos2Published(Qos2Published.Status.NEW, id, !publish.upstream(), legs, missed);
        }

        @Override
        CompletionStage<Qos2Published> onRefused(String status, List<@Nullable Object> answer) {
            return switch (status) {
                case Status.STALE ->
                    completedFuture(new Qos2Published(
                            Qos2Published.Status.STALE, publish.messageId(), false, List.of(), List.of()));
                case Status.DUPLICATE -> { // [MQTT-4.3.3-2]
                    boolean done = Reply.number(answer.get(1)) == DONE;
                    MessageId first = Qos2Entries.messageId(ByteBuffer.wrap(Reply.bytes(answer.get(2))));
                    yield legs().thenApply(legs ->
                            new Qos2Published(Qos2Published.Status.DUPLICATE, first, done, legs, List.of()));
                }
                default ->
                    throw new MqttPartyException("packet id: " + publish.packetId() + " of " + publisher.client()
                            + " was released while its message was on its way (expected: after PUBREC)");
            };
        }
    }
}
