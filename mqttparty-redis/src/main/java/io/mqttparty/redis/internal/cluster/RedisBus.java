package io.mqttparty.redis.internal.cluster;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.mqttparty.model.ClientId;
import io.mqttparty.redis.internal.lane.RedisContext;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.ClusterBus;
import io.mqttparty.spi.NodeId;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The bus over inboxes in Redis: one stream for each node. */
final class RedisBus implements ClusterBus {
    private final RedisContext context;
    private final ClusterTimings timings;
    private final Members members;
    private final BusCounters counters;
    private final LostClients clients;
    private final Reaper reaper;
    private final NodeDirectory directory;
    private final StrayPositions strays;
    private final StoreWatch watch;
    private final Map<NodeId, Member> local = new ConcurrentHashMap<>();

    RedisBus(RedisContext context, ClusterTimings timings, Members members, BusCounters counters, LostClients clients) {
        this.context = context;
        this.timings = timings;
        this.members = members;
        this.counters = counters;
        this.clients = clients;
        this.reaper = new Reaper(context, timings, members, this::lose);
        this.directory = new NodeDirectory(context);
        this.strays = new StrayPositions(context);
        this.watch = new StoreWatch(context, this::onStoreReplaced);
    }

    /** A node of this process that is or was a member and has not left. */
    @Nullable
    Member local(NodeId node) {
        return local.get(node);
    }

    @Override
    public CompletionStage<Lease> join(NodeId node, Handler handler) {
        Member member = new Member(context, timings, node, handler, members, counters, watch, this::lookAround);
        if (local.putIfAbsent(node, member) != null) {
            return failedFuture(new IllegalStateException("node: " + node + " (expected: an id that is not in use)"));
        }
        return member.join()
                .thenCompose(joined ->
                        Retry.of(context.executors().next(), () -> watch.begin().thenCompose(noted -> look())))
                .thenRun(() -> member.greet(members.live()))
                .handle((seen, failure) -> failure == null
                        ? CompletableFuture.<Lease>completedFuture(member.lease())
                        : abandon(member, failure))
                .thenCompose(Function.identity());
    }

    /** The node has not joined, or nobody knows; if it has, its lease runs out and others clear up. */
    private CompletableFuture<Lease> abandon(Member member, Throwable failure) {
        var unused = member.close();
        local.remove(member.id(), member);
        return failedFuture(failure);
    }

    @Override
    public CompletionStage<Void> leave(NodeId node) {
        Member member = local.get(node);
        if (member == null) {
            return completedFuture(null);
        }
        members.gone(node);
        return member.close()
                .thenCompose(closed -> reaper.leave(node, member.secret()))
                .thenRun(() -> local.remove(node, member));
    }

    @Override
    public Set<NodeId> members() {
        return members.live();
    }

    @Override
    public CompletionStage<Boolean> send(NodeId from, NodeId to, BusRecord record) {
        Member member = local.get(from);
        return member == null ? failedFuture(RedisRouteLog.noMember(from)) : member.send(to, record);
    }

    @Override
    public boolean isCongested() {
        return counters.congestedLinks() > 0;
    }

    private void onStoreReplaced() {
        members.forgetGone();
        lookAround();
        local.values().forEach(Member::onStoreReplaced);
    }

    // ---- who else is there ----

    private void lookAround() {
        var unused = look();
        local.values().forEach(Member::dropOld);
    }

    private CompletionStage<Void> look() {
        return directory.read().thenCompose(listed -> {
            members.replace(listed.live());
            listed.dead().forEach(this::onDead);
            return strays.sweep(listed.all());
        });
    }

    private void onDead(NodeId node) {
        members.gone(node);
        Member mine = local.remove(node);
        if (mine != null) {
            mine.lease().lose();
        }
        reaper.reap(node);
    }

    private CompletionStage<Boolean> lose(ClientId client, NodeId node) {
        return clients.lose(client, node).thenApply(lost -> {
            if (lost) {
                local.values().stream()
                        .filter(member -> member.lease().isHeld())
                        .findFirst()
                        .ifPresent(member -> member.connectionLost(node, client));
            }
            return lost;
        });
    }

    /** Ends what runs here for nodes that have not left. */
    void close() {
        reaper.close();
        local.values().forEach(Member::close);
    }
}
