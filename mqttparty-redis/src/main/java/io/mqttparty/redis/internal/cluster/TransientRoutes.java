package io.mqttparty.redis.internal.cluster;

import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.redis.internal.lane.Eval;
import io.mqttparty.redis.internal.lane.Lane;
import io.mqttparty.redis.internal.lane.RedisContext;
import io.mqttparty.redis.internal.lane.Reply;
import io.mqttparty.redis.internal.lane.Script;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.RoutePosition;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Writes which node has transient sessions with which filter. */
final class TransientRoutes {
    private static final Script ADD = Script.load(TransientRoutes.class, "filter_add");
    private static final Script REMOVE = Script.load(TransientRoutes.class, "filter_remove");

    private final RedisContext context;

    TransientRoutes(RedisContext context) {
        this.context = context;
    }

    /** Fails if the node is no member. */
    CompletionStage<RoutePosition> add(NodeId node, TopicFilter filter, QoS max) {
        return Eval.of(ADD)
                .key(context.keys().lease(node))
                .key(context.keys().transientFilters(node))
                .key(context.keys().routeLog())
                .arg(node.value())
                .arg(filter.value())
                .arg(max.value())
                .arg(RedisRouteLog.LENGTH)
                .call(lane(node), reply -> position(node, reply));
    }

    CompletionStage<RoutePosition> remove(NodeId node, TopicFilter filter) {
        return Eval.of(REMOVE)
                .key(context.keys().transientFilters(node))
                .key(context.keys().routeLog())
                .arg(node.value())
                .arg(filter.value())
                .arg(RedisRouteLog.LENGTH)
                .call(lane(node), reply -> position(node, reply));
    }

    private Lane lane(NodeId node) {
        return context.lanes().gating(node.value().hashCode());
    }

    private static RoutePosition position(NodeId node, @Nullable Object reply) {
        List<@Nullable Object> answer = Reply.list(reply);
        if (!Reply.text(answer.get(0)).equals("OK")) {
            throw RedisRouteLog.noMember(node);
        }
        return Positions.read(Reply.text(answer.get(1)));
    }
}
