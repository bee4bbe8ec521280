package io.mqttparty.redis.internal.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.protocol.CommandType;
import io.mqttparty.model.ClientId;
import io.mqttparty.model.MqttPartyException;
import io.mqttparty.redis.internal.lane.Eval;
import io.mqttparty.redis.internal.lane.Lane;
import io.mqttparty.redis.internal.lane.Lanes;
import io.mqttparty.redis.internal.lane.RedisContext;
import io.mqttparty.redis.internal.lane.Reply;
import io.mqttparty.redis.internal.lane.Script;
import io.mqttparty.spi.NodeId;
import io.netty.util.concurrent.EventExecutor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Clears up after nodes that are gone. Each step may be repeated, so another process goes on where one stopped:
 *
 * <ol>
 *   <li>NODE-DOWN in the route log: from here on no message is routed to the node and no client can attach to it.
 *   <li>Its clients are detached as lost, page by page; wills become due, sessions begin to expire.
 *   <li>Its keys are deleted, its name last.
 * </ol>
 *
 * A node does this for itself when it leaves. After a dead one, the others elect who does it.
 */
final class Reaper {
    private static final Logger LOG = System.getLogger(Reaper.class.getName());
    private static final Script DOWN = Script.load(Reaper.class, "down");
    private static final Script HOLD = Script.load(Reaper.class, "hold");
    private static final Script FORGET = Script.load(Reaper.class, "forget");
    private static final int PAGE = 500;

    private final RedisContext context;
    private final ClusterTimings timings;
    private final Members members;
    private final LostClients clients;
    private final EventExecutor executor;
    private final String self = UUID.randomUUID().toString();
    private final ConcurrentHashMap<NodeId, CompletableFuture<Void>> running = new ConcurrentHashMap<>();
    private volatile boolean closed;

    Reaper(RedisContext context, ClusterTimings timings, Members members, LostClients clients) {
        this.context = context;
        this.timings = timings;
        this.members = members;
        this.clients = clients;
        this.executor = context.executors().next();
    }

    /** Stops after the page that is under way. */
    void close() {
        closed = true;
    }

    /**
     * Clears up after a node of this process.
     *
     * @param secret of its lease, which it gives up
     */
    CompletionStage<Void> leave(NodeId node, String secret) {
        return once(node, () -> down(node, secret).thenCompose(down -> down ? clear(node) : done()));
    }

    /** Clears up after a node whose lease has run out, unless another process does. */
    void reap(NodeId node) {
        var unused = once(
                        node,
                        () -> hold(node)
                                .thenCompose(mine -> mine ? down(node, "") : CompletableFuture.completedFuture(false))
                                .thenCompose(down -> down ? clear(node) : done()))
                .exceptionally(failure -> {
                    LOG.log(Level.WARNING, () -> "node " + node + " is not cleared up yet: " + failure.getMessage());
                    return null;
                });
    }

    private CompletionStage<Void> once(NodeId node, Supplier<CompletionStage<Void>> task) {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> other = running.putIfAbsent(node, mine);
        if (other != null) {
            return other;
        }
        var unused = task.get().whenComplete((result, failure) -> {
            running.remove(node, mine);
            if (failure == null) {
                mine.complete(null);
            } else {
                mine.completeExceptionally(failure);
            }
        });
        return mine;
    }

    private static CompletionStage<Void> done() {
        return CompletableFuture.completedFuture(null);
    }

    // ---- the steps ----

    private CompletionStage<Boolean> hold(NodeId node) {
        return Eval.of(HOLD)
                .key(context.keys().reaper(node))
                .arg(self)
                .arg(timings.reaperMillis())
                .call(lane(node), Reaper::isOk);
    }

    private CompletionStage<Boolean> down(NodeId node, String secret) {
        return Eval.of(DOWN)
                .key(context.keys().lease(node))
                .key(context.keys().nodes())
                .key(context.keys().routeLog())
                .key(context.keys().inbox(node))
                .key(context.keys().transientFilters(node))
                .arg(node.value())
                .arg(secret)
                .arg(RedisRouteLog.LENGTH)
                .call(lane(node), reply -> {
                    boolean down = isOk(reply);
                    if (down) {
                        members.gone(node);
                    }
                    return down;
                });
    }

    /** Detaches all clients and deletes the rest. */
    private CompletionStage<Void> clear(NodeId node) {
        return page(node, "0").thenCompose(all -> forget(node)).thenCompose(gone -> gone ? done() : clear(node));
    }

    private CompletionStage<Void> page(NodeId node, String cursor) {
        if (closed) {
            return CompletableFuture.failedFuture(new MqttPartyException("redis: closed"));
        }
        long startNanos = System.nanoTime();
        return Lanes.call(
                        lane(node),
                        CommandType.SSCAN,
                        Reply::list,
                        context.keys().attached(node),
                        cursor.getBytes(US_ASCII),
                        "COUNT".getBytes(US_ASCII),
                        Integer.toString(PAGE).getBytes(US_ASCII))
                .thenCompose(page -> {
                    String next = Reply.text(page.get(0));
                    List<@Nullable Object> found = Reply.list(page.get(1));
                    return loseAll(node, found)
                            .thenCompose(
                                    lost -> next.equals("0") ? done() : nextPage(node, next, found.size(), startNanos));
                });
    }

    private CompletionStage<Void> loseAll(NodeId node, List<@Nullable Object> page) {
        List<CompletableFuture<?>> lost = new ArrayList<>(page.size());
        for (Object each : page) {
            lost.add(lose(node, Reply.bytes(each)).toCompletableFuture());
        }
        return CompletableFuture.allOf(lost.toArray(CompletableFuture[]::new));
    }

    private CompletionStage<?> lose(NodeId node, byte[] client) {
        try {
            return clients.lose(ClientId.of(new String(client, UTF_8)), node);
        } catch (IllegalArgumentException e) { // nothing that we wrote; it must not keep the node from being forgotten
            LOG.log(Level.WARNING, () -> "node " + node + " had a client that is none: " + e.getMessage());
            return Lanes.call(
                    lane(node), CommandType.SREM, reply -> null, context.keys().attached(node), client);
        }
    }

    /** Keeps the task and the pace. */
    private CompletionStage<Void> nextPage(NodeId node, String cursor, int size, long startNanos) {
        long due = startNanos + size * 1_000_000_000L / timings.reapedPerSecond();
        long delay = Math.max(0, due - System.nanoTime());
        CompletableFuture<Void> paced = new CompletableFuture<>();
        var unused = executor.schedule(() -> paced.complete(null), delay, TimeUnit.NANOSECONDS);
        return paced.thenCompose(go -> hold(node))
                .thenCompose(mine -> mine
                        ? page(node, cursor)
                        : CompletableFuture.failedFuture(new MqttPartyException("another node clears up after it")));
    }

    private CompletionStage<Boolean> forget(NodeId node) {
        return Eval.of(FORGET)
                .key(context.keys().lease(node))
                .key(context.keys().nodes())
                .key(context.keys().routesApplied())
                .key(context.keys().inbox(node))
                .key(context.keys().attached(node))
                .key(context.keys().transientFilters(node))
                .key(context.keys().reaper(node))
                .arg(node.value())
                .call(lane(node), Reaper::isOk);
    }

    private static boolean isOk(@Nullable Object reply) {
        return Reply.text(Reply.list(reply).get(0)).equals("OK");
    }

    private Lane lane(NodeId node) {
        return context.lanes().of(node.value().hashCode());
    }
}
