package io.mqttparty.redis.internal.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.lettuce.core.protocol.CommandType;
import io.mqttparty.model.MqttPartyException;
import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.redis.internal.lane.Lane;
import io.mqttparty.redis.internal.lane.Lanes;
import io.mqttparty.redis.internal.lane.RedisContext;
import io.mqttparty.redis.internal.lane.Reply;
import io.mqttparty.redis.internal.lane.StreamEntry;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.RouteLog;
import io.mqttparty.spi.RoutePosition;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The route log: a hash of the routes of sessions, a hash of filters for each node, and one stream of changes. */
final class RedisRouteLog implements RouteLog {
    /** How many changes the log keeps, about: a mirror that is further behind reads all routes again. */
    static final int LENGTH = 200_000;

    private final RedisContext context;
    private final Members members;
    private final TransientRoutes transientRoutes;
    private final Function<NodeId, @Nullable Member> local;
    private final SharedRead<RoutePosition> tails;
    private final SharedRead<RoutePosition> slowest;

    RedisRouteLog(RedisContext context, Members members, Function<NodeId, @Nullable Member> local) {
        this.context = context;
        this.members = members;
        this.transientRoutes = new TransientRoutes(context);
        this.local = local;
        this.tails = new SharedRead<>(() -> tail(context, logLane()));
        this.slowest = new SharedRead<>(this::readSlowest);
    }

    private Lane logLane() {
        return context.lanes().of(0);
    }

    // ---- following ----

    @Override
    public CompletionStage<Void> follow(NodeId node, RouteSink sink) {
        Member member = local.apply(node);
        return member == null ? failedFuture(noMember(node)) : member.follow(sink);
    }

    static MqttPartyException noMember(NodeId node) {
        return new MqttPartyException("node: " + node + " (expected: a member of the cluster)");
    }

    @Override
    public void applied(NodeId node, RoutePosition position) {
        Member member = local.apply(node);
        if (member != null) {
            member.applied(position);
        }
    }

    // ---- positions ----

    @Override
    public CompletionStage<RoutePosition> tail() {
        return tails.ask();
    }

    static CompletionStage<RoutePosition> tail(RedisContext context, Lane lane) {
        return Lanes.call(
                lane,
                CommandType.XREVRANGE,
                RedisRouteLog::last,
                context.keys().routeLog(),
                "+".getBytes(US_ASCII),
                "-".getBytes(US_ASCII),
                "COUNT".getBytes(US_ASCII),
                "1".getBytes(US_ASCII));
    }

    private static RoutePosition last(@Nullable Object reply) {
        List<StreamEntry> entries = StreamEntry.list(reply);
        return entries.isEmpty()
                ? RoutePosition.START
                : new RoutePosition(entries.get(0).high(), entries.get(0).low());
    }

    @Override
    public CompletionStage<RoutePosition> appliedByAll() {
        return slowest.ask();
    }

    private CompletionStage<RoutePosition> readSlowest() {
        return Lanes.call(
                        logLane(),
                        CommandType.HGETALL,
                        this::slowest,
                        context.keys().routesApplied())
                .thenCompose(position -> position == null ? tail() : completedFuture(position));
    }

    /** The lowest position of those that are not known to be gone, null if there are none. */
    private @Nullable RoutePosition slowest(@Nullable Object reply) {
        List<@Nullable Object> pairs = Reply.list(reply);
        RoutePosition least = null;
        for (int i = 0; i + 1 < pairs.size(); i += 2) {
            RoutePosition applied = Positions.read(Reply.text(pairs.get(i + 1)));
            boolean lower = least == null || applied.compareTo(least) < 0;
            if (lower && !members.isGone(new NodeId(Reply.text(pairs.get(i))))) {
                least = applied;
            }
        }
        return least;
    }

    // ---- transient routes ----

    @Override
    public CompletionStage<RoutePosition> addTransient(NodeId node, TopicFilter filter, QoS max) {
        return transientRoutes.add(node, filter, max);
    }

    @Override
    public CompletionStage<RoutePosition> removeTransient(NodeId node, TopicFilter filter) {
        return transientRoutes.remove(node, filter);
    }
}
