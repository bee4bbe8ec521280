package io.mqttparty.redis.internal.cluster;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.mqttparty.redis.internal.lane.RedisContext;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.ClusterBus;
import io.mqttparty.spi.NodeId;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The bus over inboxes in Redis: one stream for each node. */
final class RedisBus implements ClusterBus {
    private final RedisContext context;
    private final ClusterTimings timings;
    private final Members members;
    private final BusCounters counters;
    private final Reaper reaper;
    private final NodeDirectory directory;
    private final Map<NodeId, Member> local = new ConcurrentHashMap<>();

    RedisBus(RedisContext context, ClusterTimings timings, Members members, BusCounters counters, Reaper reaper) {
        this.context = context;
        this.timings = timings;
        this.members = members;
        this.counters = counters;
        this.reaper = reaper;
        this.directory = new NodeDirectory(context);
    }

    /** A node of this process that is or was a member and has not left. */
    @Nullable
    Member local(NodeId node) {
        return local.get(node);
    }

    @Override
    public CompletionStage<Lease> join(NodeId node, Handler handler) {
        Member member = new Member(context, timings, node, handler, members, counters, this::lookAround);
        if (local.putIfAbsent(node, member) != null) {
            return failedFuture(new IllegalStateException("node: " + node + " (expected: an id that is not in use)"));
        }
        return member.join()
                .whenComplete((joined, failure) -> {
                    if (failure != null) {
                        local.remove(node, member);
                    }
                })
                .thenCompose(joined -> look())
                .thenApply(seen -> member.lease());
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

    /** Whether publishers should pause because too much waits for one of the nodes. */
    boolean isCongested() {
        return local.values().stream().anyMatch(Member::isCongested);
    }

    // ---- who else is there ----

    private void lookAround() {
        var unused = look();
    }

    private CompletionStage<Void> look() {
        return directory.read().thenAccept(listed -> {
            members.replace(listed.live());
            for (NodeId dead : listed.dead()) {
                members.gone(dead);
                reaper.reap(dead);
            }
        });
    }

    /** Ends what runs here for nodes that have not left. */
    void close() {
        reaper.close();
        local.values().forEach(Member::close);
    }
}
