package io.mqttparty.redis.internal.retained;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.protocol.CommandType;
import io.mqttparty.model.Message;
import io.mqttparty.model.TopicName;
import io.mqttparty.redis.internal.lane.Lane;
import io.mqttparty.redis.internal.lane.Reply;
import io.mqttparty.redis.internal.lane.ReplyHandler;
import io.mqttparty.redis.internal.record.Records;
import io.mqttparty.redis.internal.record.UnreadableRecordException;
import io.mqttparty.spi.RetainedStore.Page;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the messages of the topics of one page, some at a time and no more once they are many bytes: then the page ends early. For one use; its
 * steps follow each other, on whatever threads.
 */
final class MessageReads {
    private static final System.Logger LOG = System.getLogger("io.mqttparty.redis");

    private static final int STEP = 64;
    private static final long ENOUGH_BYTES = 1024 * 1024;

    private final Lane lane;
    private final Buckets buckets;
    private final List<TopicName> topics;
    private final Optional<String> next;
    private final List<Message> read = new ArrayList<>();
    private final CompletableFuture<Page> result = new CompletableFuture<>();
    private long bytes;
    private int done;

    /**
     * Reads.
     *
     * @param next what the next page is asked for after, if all of these topics are read
     */
    MessageReads(Lane lane, Buckets buckets, List<TopicName> topics, Optional<String> next) {
        this.lane = lane;
        this.buckets = buckets;
        this.topics = topics;
        this.next = next;
    }

    CompletionStage<Page> run() {
        step();
        return result;
    }

    private void step() {
        if (done == topics.size()) {
            result.complete(new Page(read, next));
        } else if (bytes >= ENOUGH_BYTES) {
            result.complete(new Page(read, Optional.of(topics.get(done - 1).value())));
        } else {
            new Step(done, Math.min(done + STEP, topics.size())).send();
        }
    }

    /** One round: a command for each bucket. */
    private final class Step {
        private final int from;
        private final int to;
        private final @Nullable Message[] messages;
        private final AtomicInteger awaited = new AtomicInteger();

        Step(int from, int to) {
            this.from = from;
            this.to = to;
            this.messages = new Message[to - from];
        }

        void send() {
            Map<Integer, List<Integer>> byBucket =
                    IntStream.range(from, to).boxed().collect(Collectors.groupingBy(i -> Buckets.of(topics.get(i))));
            awaited.set(byBucket.size());
            byBucket.forEach(this::send);
        }

        private void send(int bucket, List<Integer> places) {
            byte[][] arguments = new byte[places.size() + 1][];
            arguments[0] = buckets.values(bucket);
            for (int i = 0; i < places.size(); i++) {
                arguments[i + 1] = topics.get(places.get(i)).value().getBytes(UTF_8);
            }
            lane.send(
                    CommandType.HMGET,
                    new ReplyHandler() {
                        @Override
                        public void onReply(@Nullable Object reply) {
                            take(places, Reply.list(reply));
                        }

                        @Override
                        public void onFailure(Throwable cause) {
                            result.completeExceptionally(cause);
                        }
                    },
                    arguments);
        }

        private void take(List<Integer> places, List<@Nullable Object> values) {
            for (int i = 0; i < places.size(); i++) {
                messages[places.get(i) - from] = decode(topics.get(places.get(i)), values.get(i));
            }
            if (awaited.decrementAndGet() == 0) {
                Arrays.stream(messages).filter(Objects::nonNull).forEach(MessageReads.this::add);
                done = to;
                step();
            }
        }
    }

    private void add(@Nullable Message message) {
        if (message != null) {
            read.add(message);
            bytes += message.topic().utf8Length() + message.payload().size();
        }
    }

    /** A message; nothing if there is none any more, or none that can be read: it must not keep all others from a subscriber. */
    static @Nullable Message decode(TopicName topic, @Nullable Object value) {
        if (value == null) {
            return null;
        }
        try {
            return Records.decode(Reply.bytes(value));
        } catch (UnreadableRecordException e) {
            LOG.log(Level.WARNING, () -> "redis: retained message of " + topic + " is left out: " + e.getMessage());
            return null;
        }
    }
}
