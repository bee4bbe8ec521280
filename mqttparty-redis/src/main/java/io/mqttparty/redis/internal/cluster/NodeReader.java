package io.mqttparty.redis.internal.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.protocol.CommandType;
import io.mqttparty.redis.internal.lane.Lane;
import io.mqttparty.redis.internal.lane.Lanes;
import io.mqttparty.redis.internal.lane.Reply;
import io.mqttparty.redis.internal.lane.ReplyHandler;
import io.mqttparty.redis.internal.lane.StreamEntry;
import io.netty.util.concurrent.EventExecutor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All reads of a node that wait for something new: one XREAD over its streams at a time, on a connection of its own. What comes is handed over on
 * the node's executor, before the next read is sent.
 */
final class NodeReader {
    private static final Logger LOG = System.getLogger(NodeReader.class.getName());
    private static final long RETRY_MILLIS = 100;

    private final Lanes lanes;
    private final Lane lane;
    private final EventExecutor executor;
    private final NodeLease lease;
    private final Supplier<List<FollowedStream>> streams;
    private final LongSupplier blockMillis;
    private boolean closed;
    private boolean failing;

    NodeReader(
            Lanes lanes,
            Lane lane,
            EventExecutor executor,
            NodeLease lease,
            Supplier<List<FollowedStream>> streams,
            LongSupplier blockMillis) {
        this.lanes = lanes;
        this.lane = lane;
        this.executor = executor;
        this.lease = lease;
        this.streams = streams;
        this.blockMillis = blockMillis;
    }

    /** Reads until it is closed. On the executor. */
    void read() {
        if (closed) {
            return;
        }
        List<FollowedStream> reading = streams.get();
        reading.forEach(FollowedStream::beforeRead);
        lane.send(CommandType.XREAD, new Handler(reading), command(reading));
    }

    private byte[][] command(List<FollowedStream> reading) {
        List<byte[]> words = new ArrayList<>(2 * reading.size() + 5);
        words.add(ascii("COUNT"));
        words.add(ascii(Integer.toString(FollowedStream.PAGE)));
        words.add(ascii("BLOCK"));
        words.add(ascii(Long.toString(blockMillis.getAsLong())));
        words.add(ascii("STREAMS"));
        reading.forEach(stream -> words.add(stream.key()));
        reading.forEach(stream -> words.add(ascii(stream.position())));
        return words.toArray(byte[][]::new);
    }

    private static byte[] ascii(String word) {
        return word.getBytes(US_ASCII);
    }

    private final class Handler implements ReplyHandler {
        private final List<FollowedStream> reading;

        Handler(List<FollowedStream> reading) {
            this.reading = reading;
        }

        @Override
        public void onReply(@Nullable Object reply) {
            Map<String, List<StreamEntry>> found = StreamEntry.byStream(reply);
            executor.execute(() -> handOver(reading, found, Reply.isNil(reply)));
        }

        @Override
        public void onFailure(Throwable cause) {
            executor.execute(() -> retry(cause));
        }
    }

    private void handOver(List<FollowedStream> reading, Map<String, List<StreamEntry>> found, boolean waited) {
        failing = false;
        if (closed || !lease.isHeld()) { // what came during a pause that was too long is no longer for us
            return;
        }
        try {
            handOverNext(new ArrayList<>(reading), found, waited);
        } catch (RuntimeException e) { // of the node's handler: it must not end the reading
            retry(e);
        }
    }

    private void handOverNext(List<FollowedStream> rest, Map<String, List<StreamEntry>> found, boolean waited) {
        if (rest.isEmpty()) {
            read();
            return;
        }
        FollowedStream stream = rest.remove(0);
        List<StreamEntry> entries = found.getOrDefault(new String(stream.key(), UTF_8), List.of());
        var unused = stream.onRead(entries, waited).whenComplete((done, failure) -> {
            if (failure != null) {
                retry(failure);
            } else {
                handOverNext(rest, found, waited);
            }
        });
    }

    private void retry(Throwable cause) {
        if (closed || !lease.isHeld()) {
            return;
        }
        if (!failing) {
            failing = true;
            LOG.log(Level.WARNING, "redis: what others send to this node cannot be read: " + cause.getMessage());
        }
        var unused = executor.schedule(this::read, RETRY_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Reads no more. On the executor. */
    void close() {
        closed = true;
        lanes.close(lane);
    }
}
