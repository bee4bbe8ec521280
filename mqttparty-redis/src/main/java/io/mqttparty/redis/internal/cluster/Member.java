package io.mqttparty.redis.internal.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.lettuce.core.protocol.CommandType;
import io.mqttparty.model.ClientId;
import io.mqttparty.redis.internal.lane.Eval;
import io.mqttparty.redis.internal.lane.Lane;
import io.mqttparty.redis.internal.lane.Lanes;
import io.mqttparty.redis.internal.lane.RedisContext;
import io.mqttparty.redis.internal.lane.Reply;
import io.mqttparty.redis.internal.lane.Script;
import io.mqttparty.redis.internal.record.BusRecords;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.ClusterBus;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.RouteLog.RouteSink;
import io.mqttparty.spi.RoutePosition;
import io.netty.util.concurrent.EventExecutor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A node of this process that is a member: its lease, its inbox, its links and its mirror of the routes. What concerns it runs on one executor,
 * except that any thread may send.
 */
final class Member {
    private static final Logger LOG = System.getLogger(Member.class.getName());
    private static final Script JOIN = Script.load(Member.class, "join");

    /** A push of more than this wakes up only: the receiver reads the queue. */
    private static final int LARGEST_PUSHED = 4 * 1024;

    private static final long BRIEF_MILLIS = 20;

    private final RedisContext context;
    private final ClusterTimings timings;
    private final NodeId id;
    private final ClusterBus.Handler handler;
    private final Members members;
    private final BusCounters counters;
    private final StoreWatch watch;
    private final Lane lane;
    private final EventExecutor executor;
    private final String secret = UUID.randomUUID().toString();
    private final NodeLease lease;
    private final Renewal renewal;
    private final Inbox inbox;
    private final AppliedPosition applied;
    private final ConcurrentHashMap<NodeId, Link> links = new ConcurrentHashMap<>();
    private volatile boolean over;

    // on the executor
    private @Nullable NodeReader reader;
    private @Nullable RouteFollower follower;

    Member(
            RedisContext context,
            ClusterTimings timings,
            NodeId id,
            ClusterBus.Handler handler,
            Members members,
            BusCounters counters,
            StoreWatch watch,
            Runnable onRenewed) {
        this.context = context;
        this.timings = timings;
        this.id = id;
        this.handler = handler;
        this.members = members;
        this.counters = counters;
        this.watch = watch;
        this.lane = context.lanes().of(id.value().hashCode());
        this.executor = context.executors().next();
        this.lease = new NodeLease(timings, this::onLeaseLost);
        this.renewal = new Renewal(context.keys().lease(id), secret, lane, executor, timings, lease, onRenewed);
        this.inbox = new Inbox(
                context.keys().inbox(id), lane, executor, timings.trimMillis(), handler, counters, members::heard);
        this.applied = new AppliedPosition(context, id, lane, executor, timings.appliedMillis());
    }

    NodeId id() {
        return id;
    }

    /** What only this run of the node knows: with it, it may give up its lease. */
    String secret() {
        return secret;
    }

    NodeLease lease() {
        return lease;
    }

    // ---- joining ----

    /** Takes the lease and begins to read. */
    CompletionStage<Void> join() {
        return context.lanes()
                .openReader(timings.blockMillis() * 1_000_000)
                .thenComposeAsync(
                        opened -> {
                            reader = new NodeReader(
                                    context.lanes(), opened, executor, lease, this::streams, this::blockMillis);
                            return takeLease();
                        },
                        executor)
                .whenCompleteAsync((joined, failure) -> onJoined(failure), executor);
    }

    private CompletionStage<Void> takeLease() {
        long sentNanos = System.nanoTime(); // of the first attempt: a later one may only find its lease
        return Retry.of(executor, this::callJoin).thenAccept(status -> {
            if (!status.equals("OK")) {
                throw new IllegalStateException("node: " + id + " (expected: an id that is not in use)");
            }
            lease.renewed(sentNanos);
        });
    }

    private CompletionStage<String> callJoin() {
        return Eval.of(JOIN)
                .key(context.keys().lease(id))
                .key(context.keys().nodes())
                .key(context.keys().inbox(id))
                .key(context.keys().attached(id))
                .key(context.keys().transientFilters(id))
                .arg(id.value())
                .arg(secret)
                .arg(timings.leaseMillis())
                .call(lane, reply -> Reply.text(Reply.list(reply).get(0)));
    }

    private void onJoined(@Nullable Throwable failure) {
        if (failure != null) {
            stop();
        } else if (reader != null && !over) {
            members.joined(id);
            renewal.start();
            reader.read();
        }
    }

    private List<FollowedStream> streams() {
        return follower != null && follower.isLive() ? List.of(inbox, follower) : List.of(inbox);
    }

    /** While the first mirror is on its way, reads do not wait for long: with the next one it is read too. */
    private long blockMillis() {
        boolean isComplete = follower != null && follower.isLive();
        return isComplete ? timings.blockMillis() : Math.min(timings.blockMillis(), BRIEF_MILLIS);
    }

    /** Tells the others that there is one more, with an entry that holds no record: else they would know at their next look, and take its clients for absent. */
    void greet(Set<NodeId> others) {
        for (NodeId other : others) {
            if (!other.equals(id)) {
                var unused = Lanes.call(
                        context.lanes().of(other.value().hashCode()),
                        CommandType.XADD,
                        reply -> null,
                        context.keys().inbox(other),
                        "NOMKSTREAM".getBytes(US_ASCII),
                        "0-*".getBytes(US_ASCII),
                        "f".getBytes(US_ASCII),
                        id.value().getBytes(UTF_8),
                        "p".getBytes(US_ASCII),
                        BusRecords.pack(List.of()));
            }
        }
    }

    // ---- sending ----

    CompletionStage<Boolean> send(NodeId to, BusRecord record) {
        if (!lease.isHeld()) {
            return failedFuture(RedisRouteLog.noMember(id));
        }
        byte[] bytes = BusRecords.encode(slim(record));
        return linkTo(to).send(bytes, isExpendable(record));
    }

    private static BusRecord slim(BusRecord record) {
        return record instanceof BusRecord.Push push
                        && push.message().isPresent()
                        && push.message().get().payload().size() > LARGEST_PUSHED
                ? new BusRecord.Push(push.session(), push.seq(), Optional.empty())
                : record;
    }

    /** Whether its loss is either made good by the sender, since no acknowledgement leaves, or allowed at QoS 0. */
    private static boolean isExpendable(BusRecord record) {
        return record instanceof BusRecord.Transmit
                || record instanceof BusRecord.TransmitShared
                || record instanceof BusRecord.Forward;
    }

    private Link linkTo(NodeId to) {
        Link known = links.get(to);
        if (known != null) {
            return known;
        }
        Link link = links.computeIfAbsent(
                to,
                node -> new Link(
                        context.keys().inbox(node),
                        id.value().getBytes(UTF_8),
                        context.lanes().of(node.value().hashCode()),
                        executor,
                        counters,
                        () -> links.remove(node)));
        if (over) {
            link.close();
        }
        return link;
    }

    /** Forgets those who are gone. */
    void dropOld() {
        links.forEach((node, link) -> {
            if (members.isGone(node)) {
                link.receiverIsGone();
            }
        });
        executor.execute(() -> inbox.dropOld(members.live()));
    }

    // ---- routes ----

    CompletionStage<Void> follow(RouteSink sink) {
        RouteFollower next =
                new RouteFollower(context, lane, executor, timings, sink, members, applied, counters, watch);
        executor.execute(() -> {
            if (over) {
                next.end();
                return;
            }
            if (follower != null) {
                follower.end();
            }
            follower = next;
            next.begin();
        });
        return next.caughtUp();
    }

    void applied(RoutePosition position) {
        applied.applied(position);
    }

    /** This node cleared up after another one, to which this client was connected. */
    void connectionLost(NodeId node, ClientId client) {
        handler.onConnectionLost(node, client);
    }

    // ---- another store ----

    /** The store was replaced: what this node has read and written there may be missing. */
    void onStoreReplaced() {
        executor.execute(() -> {
            if (over) {
                return;
            }
            renewal.hurry();
            inbox.check();
            if (follower != null) {
                follower.restart();
            }
            handler.onStoreReplaced();
        });
    }

    // ---- the end ----

    private void onLeaseLost() {
        over = true;
        members.gone(id);
        executor.execute(() -> {
            LOG.log(Level.ERROR, "node " + id + " could not renew its lease: others take it for dead");
            stop();
            handler.onFenced();
        });
    }

    /** The node leaves: nothing of it runs on. */
    CompletionStage<Void> close() {
        lease.giveUp();
        CompletableFuture<Void> closed = new CompletableFuture<>();
        executor.execute(() -> {
            stop();
            closed.complete(null);
        });
        return closed;
    }

    private void stop() {
        over = true;
        renewal.stop();
        if (reader != null) {
            reader.close();
        }
        if (follower != null) {
            follower.end();
        }
        links.values().forEach(Link::close);
    }
}
