package io.mqttparty.redis.internal.cluster;

import io.lettuce.core.protocol.CommandType;
import io.mqttparty.redis.internal.lane.Eval;
import io.mqttparty.redis.internal.lane.Lane;
import io.mqttparty.redis.internal.lane.Lanes;
import io.mqttparty.redis.internal.lane.RedisContext;
import io.mqttparty.redis.internal.lane.Reply;
import io.mqttparty.redis.internal.lane.Script;
import io.mqttparty.spi.NodeId;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Finds applied positions that were written after their node had been cleared up: everybody would wait for that node. */
final class StrayPositions {
    private static final Script STRAY = Script.load(StrayPositions.class, "stray");

    private final RedisContext context;

    StrayPositions(RedisContext context) {
        this.context = context;
    }

    /** Deletes those of nodes that are not listed, and are not when Redis looks again. */
    CompletionStage<Void> sweep(Set<NodeId> listed) {
        Lane lane = context.lanes().of(0);
        return Lanes.call(lane, CommandType.HKEYS, Reply::list, context.keys().routesApplied())
                .thenCompose(fields -> CompletableFuture.allOf(fields.stream()
                        .map(field -> new NodeId(Reply.text(field)))
                        .filter(node -> !listed.contains(node))
                        .map(node -> delete(lane, node).toCompletableFuture())
                        .toArray(CompletableFuture[]::new)));
    }

    private CompletionStage<@Nullable Object> delete(Lane lane, NodeId node) {
        return Eval.of(STRAY)
                .key(context.keys().lease(node))
                .key(context.keys().nodes())
                .key(context.keys().routesApplied())
                .arg(node.value())
                .call(lane, reply -> reply);
    }
}
