package io.mqttparty.redis.internal.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.lettuce.core.protocol.CommandType;
import io.mqttparty.model.ClientId;
import io.mqttparty.model.MqttPartyException;
import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.redis.internal.lane.Lane;
import io.mqttparty.redis.internal.lane.Lanes;
import io.mqttparty.redis.internal.lane.RedisContext;
import io.mqttparty.redis.internal.lane.StreamEntry;
import io.mqttparty.redis.internal.record.RouteRecords;
import io.mqttparty.redis.internal.record.UnreadableRecordException;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.RouteChange;
import io.mqttparty.spi.RouteLog.RouteSink;
import io.mqttparty.spi.RoutePosition;
import io.netty.util.concurrent.EventExecutor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One mirror of the route log. Confined to the node's executor.
 *
 * <pre>
 * SNAPSHOT   note the last id of the log, read all routes, then the log from there to its end, announce the node in r:a, read to the end once more
 * LIVE       the node's reader brings what is appended; SNAPSHOT again if entries were deleted that this has not read
 * ENDED      another mirror took its place, or the node is no member any more
 * </pre>
 *
 * The node is announced before the last read: a change that was made while it was not, and for which nobody waited for it, is in that read.
 */
final class RouteFollower implements FollowedStream {
    private static final Logger LOG = System.getLogger(RouteFollower.class.getName());
    private static final long RETRY_MILLIS = 200;

    /** How often the first snapshot is tried. */
    private static final int ATTEMPTS = 10;

    private static final long PAUSE_NANOS = 1_000_000_000L;

    /** Tells a mirror a position at which it has nothing to change. */
    private static final RouteChange NOTHING = new RouteChange.NodeFilterGone(new NodeId("-"), TopicFilter.of("-"));

    private final RedisContext context;
    private final Lane lane;
    private final EventExecutor executor;
    private final RouteSink sink;
    private final Members members;
    private final NodeDirectory directory;
    private final AppliedPosition applied;
    private final BusCounters counters;
    private final StoreWatch watch;
    private final long waitedNanos;
    private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();
    private State state = State.SNAPSHOT;
    private RoutePosition position = RoutePosition.START;
    private long readSentAt;
    private long lastRead = System.nanoTime();
    private boolean again;
    private int attempts;

    private enum State {
        SNAPSHOT,
        LIVE,
        ENDED
    }

    RouteFollower(
            RedisContext context,
            Lane lane,
            EventExecutor executor,
            ClusterTimings timings,
            RouteSink sink,
            Members members,
            AppliedPosition applied,
            BusCounters counters,
            StoreWatch watch) {
        this.context = context;
        this.lane = lane;
        this.executor = executor;
        this.sink = sink;
        this.members = members;
        this.directory = new NodeDirectory(context);
        this.applied = applied;
        this.counters = counters;
        this.watch = watch;
        this.waitedNanos = TimeUnit.MILLISECONDS.toNanos(timings.blockMillis() - 1); // Redis counts whole ones
    }

    /** Completes when the snapshot and what came after it have been delivered. */
    CompletionStage<Void> caughtUp() {
        return caughtUp;
    }

    boolean isLive() {
        return state == State.LIVE;
    }

    void end() {
        state = State.ENDED;
        applied.stop();
        caughtUp.completeExceptionally(ended());
    }

    // ---- the snapshot ----

    /** What this has read is no longer what Redis has: it begins again. */
    void restart() {
        if (state == State.LIVE) {
            begin();
        } else {
            again = true;
        }
    }

    /** Begins, or begins again. */
    void begin() {
        if (state == State.ENDED) {
            return;
        }
        state = State.SNAPSHOT;
        again = false;
        applied.stop();
        var unused = lastId().thenComposeAsync(this::snapshot, executor)
                .thenComposeAsync(done -> catchUp(), executor)
                .thenComposeAsync(done -> announce(), executor)
                .thenComposeAsync(done -> catchUp(), executor)
                .whenCompleteAsync((done, failure) -> onCaughtUp(failure), executor);
    }

    private CompletionStage<RoutePosition> lastId() {
        return RedisRouteLog.tail(context, lane);
    }

    private CompletionStage<Void> snapshot(RoutePosition noted) {
        if (state == State.ENDED) { // another mirror may have begun with the same sink
            return failedFuture(ended());
        }
        position = noted;
        sink.beginSnapshot();
        return HashScan.run(lane, executor, context.keys().routes(), this::onSession)
                .thenComposeAsync(done -> directory.read(), executor)
                .thenComposeAsync(listed -> filters(listed.live().iterator()), executor)
                .thenRunAsync(this::endSnapshot, executor);
    }

    private void endSnapshot() {
        if (state == State.SNAPSHOT) {
            sink.endSnapshot(position);
        }
    }

    private CompletionStage<Void> announce() {
        return state == State.ENDED ? failedFuture(ended()) : applied.announce();
    }

    private static MqttPartyException ended() {
        return new MqttPartyException("routes: followed no longer (expected: a member of the cluster)");
    }

    private void onSession(byte[] client, byte[] value) {
        try {
            apply(RouteRecords.decodeSession(ClientId.of(new String(client, UTF_8)), value), position);
        } catch (UnreadableRecordException | IllegalArgumentException e) {
            unreadable("of a client", e);
        }
    }

    /** The filters of all nodes that live: that a node is down comes in the log after the noted id if it lived later. */
    private CompletionStage<Void> filters(Iterator<NodeId> nodes) {
        if (!nodes.hasNext()) {
            return completedFuture(null);
        }
        NodeId node = nodes.next();
        byte[] key = context.keys().transientFilters(node);
        return HashScan.run(lane, executor, key, (filter, qos) -> onFilter(node, filter, qos))
                .thenComposeAsync(done -> filters(nodes), executor);
    }

    private void onFilter(NodeId node, byte[] filter, byte[] qos) {
        try {
            QoS most = QoS.of(Integer.parseInt(new String(qos, US_ASCII)));
            apply(new RouteChange.NodeFilter(node, TopicFilter.of(new String(filter, UTF_8)), most), position);
        } catch (IllegalArgumentException e) {
            unreadable("of " + node, e);
        }
    }

    private void unreadable(String whose, RuntimeException e) {
        counters.unreadable.increment();
        LOG.log(Level.WARNING, () -> "routes: one " + whose + " was left out: " + e.getMessage());
    }

    private void onCaughtUp(@Nullable Throwable failure) {
        if (state != State.SNAPSHOT) {
            return;
        }
        if (failure == null && !again) {
            state = State.LIVE;
            caughtUp.complete(null);
        } else if (failure == null) {
            begin();
        } else if (caughtUp.isDone() || ++attempts < ATTEMPTS) {
            LOG.log(Level.WARNING, () -> "routes: cannot be read: " + failure.getMessage());
            var unused = executor.schedule(this::begin, RETRY_MILLIS, TimeUnit.MILLISECONDS);
        } else {
            state = State.ENDED;
            caughtUp.completeExceptionally(failure);
        }
    }

    // ---- the log ----

    /** Reads to the end of the log as it is now. */
    private CompletionStage<Void> catchUp() {
        beforeRead();
        byte[] after = ("(" + position()).getBytes(US_ASCII);
        return Lanes.call(
                        lane,
                        CommandType.XRANGE,
                        StreamEntry::list,
                        key(),
                        after,
                        "+".getBytes(US_ASCII),
                        "COUNT".getBytes(US_ASCII),
                        Integer.toString(PAGE).getBytes(US_ASCII))
                .thenComposeAsync(
                        page -> onRead(page, false)
                                .thenComposeAsync(
                                        taken -> {
                                            boolean more = page.size() == PAGE && state == State.SNAPSHOT && !again;
                                            return more ? catchUp() : completedFuture(null);
                                        },
                                        executor),
                        executor);
    }

    @Override
    public byte[] key() {
        return context.keys().routeLog();
    }

    @Override
    public String position() {
        return Positions.write(position);
    }

    @Override
    public void beforeRead() {
        readSentAt = sink.nanoTime();
    }

    @Override
    public CompletionStage<Void> onRead(List<StreamEntry> entries, boolean waited) {
        if (state == State.ENDED) {
            return completedFuture(null);
        }
        long now = System.nanoTime();
        boolean doubtful = entries.size() == PAGE || now - lastRead > PAUSE_NANOS;
        lastRead = now;
        if (entries.isEmpty() || !doubtful) {
            take(entries, waited);
            return completedFuture(null);
        }
        return isCut().thenAcceptAsync(
                        cut -> {
                            if (!cut) {
                                take(entries, false);
                                return;
                            }
                            LOG.log(
                                    Level.WARNING,
                                    "routes: the log was cut before it was read, all routes are read again");
                            restart();
                        },
                        executor);
    }

    /** Whether entries after the position were deleted. Asked after a read, it speaks for that read too. */
    private CompletionStage<Boolean> isCut() {
        return StreamInfo.read(lane, key()).thenApply(info -> info.isCutAfter(position));
    }

    private void take(List<StreamEntry> entries, boolean waited) {
        if (state == State.ENDED) {
            return;
        }
        for (StreamEntry entry : entries) {
            position = new RoutePosition(entry.high(), entry.low());
            apply(change(entry), position);
        }
        if (entries.size() < PAGE && watch.isSure()) {
            sink.freshAsOf(waited ? readSentAt + waitedNanos : readSentAt);
        }
    }

    private RouteChange change(StreamEntry entry) {
        try {
            RouteChange change = RouteRecords.decode(entry.fields());
            if (change instanceof RouteChange.NodeDown down) {
                members.gone(down.node());
            } else if (change instanceof RouteChange.NodeFilter added && members.isGone(added.node())) {
                return NOTHING;
            }
            return change;
        } catch (UnreadableRecordException e) {
            unreadable("in the log", e);
            return NOTHING;
        }
    }

    private void apply(RouteChange change, RoutePosition at) {
        if (state == State.ENDED) {
            return;
        }
        try {
            sink.apply(change, at);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "a mirror of the route log failed", e);
        }
    }
}
