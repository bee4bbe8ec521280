package io.mqttparty.redis.internal.retained;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.protocol.CommandType;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.TopicName;
import io.mqttparty.redis.internal.lane.Lane;
import io.mqttparty.redis.internal.lane.Reply;
import io.mqttparty.redis.internal.lane.ReplyHandler;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Finds the next topics that match a filter, in the order of their bytes: reads the index of each bucket in pieces and merges them. A scan looks at a
 * bounded number of topics, however few of them match; the next one goes on behind the last of these. For one use; its steps follow each other,
 * on whatever threads.
 */
final class TopicScan {
    /** How many topics one scan looks at. */
    private static final int VISITS = 2_048;

    /** The least that is read of a bucket at once. */
    private static final int SMALL_PIECE = 4;

    private static final int LARGE_PIECE = 1_000;

    private static final byte[] LIMIT = "LIMIT".getBytes(UTF_8);
    private static final byte[] ZERO = {'0'};

    private final Lane lane;
    private final Buckets buckets;
    private final TopicRange range;
    private final TopicFilter filter;
    private final int max;
    private final byte[] upper;
    private final List<Source> sources = new ArrayList<>();
    private final List<TopicName> found = new ArrayList<>();
    private final AtomicInteger awaited = new AtomicInteger();
    private final CompletableFuture<Found> result = new CompletableFuture<>();
    private byte[] last;
    private int visits;

    /**
     * A scan.
     *
     * @param after the last topic that was looked at; empty at the beginning
     * @param max how many topics at most
     */
    TopicScan(Lane lane, Buckets buckets, TopicFilter filter, TopicRange range, String after, int max) {
        this.lane = lane;
        this.buckets = buckets;
        this.range = range;
        this.filter = filter;
        this.max = max;
        this.upper = range.max();
        this.last = after.getBytes(UTF_8);
        List<Integer> all = range.buckets();
        // Somewhat more than its share of each bucket: most buckets hold few topics or none, and where that is too
        // little pieces grow.
        int piece = all.size() == 1 ? max + 1 : SMALL_PIECE + max / all.size();
        all.forEach(bucket -> sources.add(new Source(bucket, Math.min(piece, LARGE_PIECE))));
    }

    /**
     * What was found.
     *
     * @param topics that match
     * @param next what the next scan goes on after; empty if this saw the end
     */
    record Found(List<TopicName> topics, Optional<String> next) {}

    /** Starts it. */
    CompletionStage<Found> run() {
        fetch(sources);
        return result;
    }

    private void fetch(List<Source> from) {
        awaited.set(from.size());
        from.forEach(Source::fetch);
    }

    /** The last of the answers is here. */
    private void merge() {
        try {
            if (sources.stream().noneMatch(Source::isDry)) {
                visitUntilDry();
            }
            goOn();
        } catch (RuntimeException e) {
            result.completeExceptionally(e);
        }
    }

    private void visitUntilDry() {
        PriorityQueue<Source> heads = new PriorityQueue<>();
        sources.stream().filter(Source::hasTopics).forEach(heads::add);
        while (!heads.isEmpty() && !isFull()) {
            Source source = heads.remove();
            visit(source.topics.remove());
            if (source.hasTopics()) {
                heads.add(source);
            } else if (source.isDry()) {
                return; // it may have more that come before those of the others
            }
        }
    }

    private void visit(byte[] utf8) {
        TopicName topic = TopicName.ofValidUtf8(utf8);
        visits++;
        last = utf8;
        if (filter.matches(topic)) {
            found.add(topic);
        }
    }

    private boolean isFull() {
        return found.size() >= max || visits >= VISITS;
    }

    private void goOn() {
        boolean hasMore = sources.stream().anyMatch(source -> source.hasTopics() || source.isDry());
        if (!hasMore) {
            result.complete(new Found(found, Optional.empty()));
        } else if (isFull()) {
            result.complete(new Found(found, Optional.of(new String(last, UTF_8))));
        } else {
            fetch(sources.stream().filter(Source::isLow).toList());
        }
    }

    /** The topics of one bucket, as far as they have been read. */
    private final class Source implements ReplyHandler, Comparable<Source> {
        private final byte[] index;
        private final ArrayDeque<byte[]> topics = new ArrayDeque<>();
        private byte[] read;
        private int piece;
        private boolean exhausted;

        Source(int bucket, int piece) {
            this.index = buckets.index(bucket);
            this.piece = piece;
            this.read = last;
        }

        boolean hasTopics() {
            return !topics.isEmpty();
        }

        /** Whether what comes next from here is not known. */
        boolean isDry() {
            return topics.isEmpty() && !exhausted;
        }

        /** Whether it will be dry soon. */
        boolean isLow() {
            return !exhausted && topics.size() <= piece / 4;
        }

        void fetch() {
            byte[] count = Integer.toString(piece).getBytes(UTF_8);
            lane.send(CommandType.ZRANGEBYLEX, this, index, range.min(read), upper, LIMIT, ZERO, count);
        }

        @Override
        public void onReply(@Nullable Object reply) {
            List<@Nullable Object> members = Reply.list(reply);
            for (Object member : members) {
                read = Reply.bytes(member);
                topics.add(read);
            }
            exhausted = members.size() < piece;
            piece = Math.min(2 * piece, LARGE_PIECE);
            if (awaited.decrementAndGet() == 0) {
                merge();
            }
        }

        @Override
        public void onFailure(Throwable cause) {
            result.completeExceptionally(cause);
        }

        @Override
        public int compareTo(Source other) {
            return Arrays.compareUnsigned(topics.element(), other.topics.element());
        }
    }
}
