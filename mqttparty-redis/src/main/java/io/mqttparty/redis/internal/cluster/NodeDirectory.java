package io.mqttparty.redis.internal.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lettuce.core.protocol.CommandType;
import io.mqttparty.redis.internal.lane.Lane;
import io.mqttparty.redis.internal.lane.Lanes;
import io.mqttparty.redis.internal.lane.RedisContext;
import io.mqttparty.redis.internal.lane.Reply;
import io.mqttparty.spi.NodeId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Reads which nodes Redis lists, and which of them hold a lease. */
final class NodeDirectory {
    private static final byte[] FIRST = "0".getBytes(US_ASCII);
    private static final byte[] LAST = "-1".getBytes(US_ASCII);

    private final RedisContext context;

    NodeDirectory(RedisContext context) {
        this.context = context;
    }

    /** All nodes that are listed; a lease is read later than the list, so a node without one is dead. */
    CompletionStage<Listed> read() {
        Lane lane = context.lanes().of(0);
        return Lanes.call(
                        lane,
                        CommandType.ZRANGE,
                        NodeDirectory::nodes,
                        context.keys().nodes(),
                        FIRST,
                        LAST)
                .thenCompose(nodes -> withLeases(lane, nodes));
    }

    private static List<NodeId> nodes(@Nullable Object reply) {
        List<NodeId> nodes = new ArrayList<>();
        Reply.list(reply).forEach(each -> nodes.add(new NodeId(Reply.text(each))));
        return nodes;
    }

    private CompletionStage<Listed> withLeases(Lane lane, List<NodeId> nodes) {
        if (nodes.isEmpty()) {
            return CompletableFuture.completedFuture(new Listed(Set.of(), Set.of()));
        }
        byte[][] leases = nodes.stream().map(context.keys()::lease).toArray(byte[][]::new);
        return Lanes.call(lane, CommandType.MGET, reply -> listed(nodes, Reply.list(reply)), leases);
    }

    private static Listed listed(List<NodeId> nodes, List<@Nullable Object> leases) {
        Set<NodeId> live = new HashSet<>();
        Set<NodeId> dead = new HashSet<>();
        for (int i = 0; i < nodes.size(); i++) {
            (leases.get(i) == null ? dead : live).add(nodes.get(i));
        }
        return new Listed(live, dead);
    }

    /**
     * Nodes.
     *
     * @param live with a lease
     * @param dead without, not cleared up yet
     */
    record Listed(Set<NodeId> live, Set<NodeId> dead) {
        Set<NodeId> all() {
            Set<NodeId> all = new HashSet<>(live);
            all.addAll(dead);
            return all;
        }
    }
}
