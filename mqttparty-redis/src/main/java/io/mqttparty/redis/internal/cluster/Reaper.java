package io.mqttparty.redis.internal.cluster;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.mqttparty.model.MqttPartyException;
import io.mqttparty.redis.internal.lane.Eval;
import io.mqttparty.redis.internal.lane.Lane;
import io.mqttparty.redis.internal.lane.RedisContext;
import io.mqttparty.redis.internal.lane.Reply;
import io.mqttparty.redis.internal.lane.Script;
import io.mqttparty.spi.NodeId;
import io.netty.util.concurrent.EventExecutor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
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
    /** Once is enough, since nobody can be added to a node that is down. */
    private static final int ROUNDS = 3;

    private static final Script DOWN = Script.load(Reaper.class, "down");
    private static final Script HOLD = Script.load(Reaper.class, "hold");
    private static final Script FORGET = Script.load(Reaper.class, "forget");

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
        return once(
                node,
                () -> Retry.of(
                        executor,
                        () -> hold(node) // so that others need not
                                .thenCompose(mine -> down(node, secret))
                                .thenCompose(down -> down ? clear(node, false, 1) : done())));
    }

    /** Clears up after a node whose lease has run out, unless another process does. */
    void reap(NodeId node) {
        var unused = once(
                        node,
                        () -> hold(node)
                                .thenCompose(mine -> mine ? down(node, "") : completedFuture(false))
                                .thenCompose(down -> down ? clear(node, true, 1) : done()))
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
        return completedFuture(null);
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
                .key(context.keys().reaper(node))
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

    /**
     * Detaches all clients and deletes the rest.
     *
     * @param alone whether to stop if another process has taken the task over
     * @param rounds how often all have been gone through, this one included
     */
    private CompletionStage<Void> clear(NodeId node, boolean alone, int rounds) {
        Clearing clearing = new Clearing(
                node,
                context.keys().attached(node),
                lane(node),
                clients,
                executor,
                timings.reapedPerSecond(),
                () -> goOn(node, alone));
        return clearing.run().thenCompose(all -> forget(node)).thenCompose(status -> switch (status) {
            case "OK" -> done();
            case "MORE" -> rounds < ROUNDS ? clear(node, alone, rounds + 1) : failedFuture(neverEmpty(node));
            default -> failedFuture(new MqttPartyException("node: " + node + " has a lease (expected: none)"));
        });
    }

    private CompletionStage<Void> goOn(NodeId node, boolean alone) {
        if (closed) {
            return failedFuture(new MqttPartyException("redis: closed"));
        }
        return hold(node)
                .thenCompose(mine -> mine || !alone
                        ? done()
                        : failedFuture(new MqttPartyException("another node has taken it over")));
    }

    private CompletionStage<String> forget(NodeId node) {
        return Eval.of(FORGET)
                .key(context.keys().lease(node))
                .key(context.keys().nodes())
                .key(context.keys().routesApplied())
                .key(context.keys().inbox(node))
                .key(context.keys().attached(node))
                .key(context.keys().transientFilters(node))
                .key(context.keys().reaper(node))
                .arg(node.value())
                .call(lane(node), Reaper::status);
    }

    private static MqttPartyException neverEmpty(NodeId node) {
        return new MqttPartyException(
                "node: " + node + " still has clients after " + ROUNDS + " rounds (expected: none)");
    }

    private static boolean isOk(@Nullable Object reply) {
        return status(reply).equals("OK");
    }

    private static String status(@Nullable Object reply) {
        return Reply.text(Reply.list(reply).get(0));
    }

    private Lane lane(NodeId node) {
        return context.lanes().of(node.value().hashCode());
    }
}
