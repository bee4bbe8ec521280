package io.mqttparty.redis.internal.session;

import io.mqttparty.model.ClientId;
import io.mqttparty.redis.internal.key.Keys;
import io.mqttparty.redis.internal.lane.Eval;
import io.mqttparty.redis.internal.lane.RedisContext;
import io.mqttparty.redis.internal.lane.Reply;
import io.mqttparty.redis.internal.lane.Script;
import io.mqttparty.redis.internal.session.SessionNames.Names;
import io.mqttparty.spi.Fence;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.SessionStore.Detach;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Ends ownership: of one connection, or of all that a dead node left. One script. */
public final class Detaching {
    private static final Script DETACH = Script.load(Detaching.class, "detach");

    /** In place of the token: whatever connection the node had. */
    private static final String ANY = "";

    private final RedisContext context;
    private final SessionNames names;

    Detaching(RedisContext context, SessionNames names) {
        this.context = context;
        this.names = names;
    }

    CompletionStage<FenceResult> detach(Fence fence, Detach how, long sentUpTo) {
        ClientId client = fence.client();
        return NamedCall.run(
                client,
                names,
                context.lanes().of(client),
                believed -> script(believed, believed.node(), fence.token().value(), fence.epoch(), how, sentUpTo),
                Status::fence);
    }

    /**
     * For the reaper: detaches a client as lost if it is still attached to this node, whatever its token, and takes it out of the node's set in any
     * case. Repeatable.
     *
     * @return whether it was attached there
     */
    public CompletionStage<Boolean> lose(ClientId client, NodeId node) {
        return NamedCall.run(
                client,
                names,
                context.lanes().of(client),
                believed -> script(believed, node.value(), ANY, 0, Detach.LOST, 0),
                answer -> detached(client, answer));
    }

    private boolean detached(ClientId client, List<@Nullable Object> answer) {
        if (Status.is(answer, Status.STALE)) {
            return false;
        }
        if (Reply.number(answer.get(1)) == 0) {
            names.left(client);
        } else {
            names.ended(client, Reply.text(answer.get(2)));
        }
        return true;
    }

    private Eval script(Names believed, String node, String token, long epoch, Detach how, long sentUpTo) {
        Keys keys = context.keys();
        ClientId client = believed.client();
        int bucket = Keys.dueBucket(client);
        return Eval.of(DETACH)
                .key(keys.session(client))
                .key(keys.queue(client, believed.incarnation()))
                .key(keys.released(client))
                .key(keys.inbound(client))
                .key(keys.attached(node))
                .key(keys.expiries(bucket))
                .key(keys.wills(bucket))
                .key(keys.clients(client))
                .key(keys.routes())
                .key(keys.routeLog())
                .arg(client.value())
                .arg(token)
                .arg(epoch)
                .arg(how.name())
                .arg(sentUpTo)
                .arg(believed.incarnation())
                .arg(node);
    }
}
