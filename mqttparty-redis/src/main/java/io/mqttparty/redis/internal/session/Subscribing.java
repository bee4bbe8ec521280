package io.mqttparty.redis.internal.session;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.QoS;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.redis.internal.key.Keys;
import io.mqttparty.redis.internal.lane.Eval;
import io.mqttparty.redis.internal.lane.RedisContext;
import io.mqttparty.redis.internal.lane.Reply;
import io.mqttparty.redis.internal.lane.Script;
import io.mqttparty.spi.Fence;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.RoutePosition;
import io.mqttparty.spi.SessionStore.Subscribed;
import io.mqttparty.spi.SessionStore.SubscriptionChange;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Changes the subscriptions of persistent sessions: one script, which merges into what is stored, never into what a node remembers. */
final class Subscribing {
    private static final Script SUBSCRIBE = Script.load(Subscribing.class, "subscribe");

    private static final Subscribed STALE = new Subscribed(FenceResult.STALE, Set.of(), RoutePosition.START);

    private final RedisContext context;

    Subscribing(RedisContext context) {
        this.context = context;
    }

    CompletionStage<Subscribed> subscribe(Fence fence, SubscriptionChange change) {
        Keys keys = context.keys();
        ClientId client = fence.client();
        Eval script = Eval.of(SUBSCRIBE)
                .key(keys.session(client))
                .key(keys.routes())
                .key(keys.routeLog())
                .arg(client.value())
                .arg(fence.token().value())
                .arg(change.limit())
                .arg(change.remove().size());
        change.remove().forEach(filter -> script.arg(filter.toString()));
        for (Subscription each : change.add()) {
            boolean mayHaveRetained =
                    each.qos() != QoS.AT_MOST_ONCE && !each.filter().isShared();
            script.arg(each.filter().toString())
                    .arg(new byte[] {(byte) each.qos().value()})
                    .arg(mayHaveRetained ? 1 : 0);
        }
        return script.call(context.lanes().gating(client), reply -> subscribed(change, Reply.list(reply)));
    }

    private static Subscribed subscribed(SubscriptionChange change, List<@Nullable Object> answer) {
        if (Status.is(answer, Status.STALE)) {
            return STALE;
        }
        Set<TopicFilter> refused = new HashSet<>();
        for (Object index : Reply.list(answer.get(2))) {
            refused.add(change.add().get((int) Reply.number(index)).filter());
        }
        return new Subscribed(FenceResult.OK, refused, position(Reply.bytes(answer.get(1))));
    }

    /** From {@code <high>-<low>}. */
    private static RoutePosition position(byte[] id) {
        String text = new String(id, US_ASCII);
        int dash = text.indexOf('-');
        return new RoutePosition(Long.parseLong(text.substring(0, dash)), Long.parseLong(text.substring(dash + 1)));
    }
}
