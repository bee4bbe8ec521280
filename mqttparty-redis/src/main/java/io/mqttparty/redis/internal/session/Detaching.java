package io.mqttparty.redis.internal.session;

import static java.util.concurrent.CompletableFuture.failedFuture;

import io.mqttparty.model.ClientId;
import io.mqttparty.redis.internal.lane.RedisContext;
import io.mqttparty.spi.Fence;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.SessionStore.Detach;
import java.util.concurrent.CompletionStage;

/** Ends ownership: of one connection, or of all that a dead node left. */
public final class Detaching {
    Detaching(RedisContext context, SessionNames names) {}

    CompletionStage<FenceResult> detach(Fence fence, Detach how, long sentUpTo) {
        return failedFuture(new UnsupportedOperationException("detach"));
    }

    /**
     * For the reaper: detaches a client as lost if it is still attached to this node, whatever its token, and takes it out of the node's set in any
     * case. Repeatable.
     *
     * @return whether it was attached there
     */
    public CompletionStage<Boolean> lose(ClientId client, NodeId node) {
        return failedFuture(new UnsupportedOperationException("lose"));
    }
}
