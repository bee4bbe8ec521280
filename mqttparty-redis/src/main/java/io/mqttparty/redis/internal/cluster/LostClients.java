package io.mqttparty.redis.internal.cluster;

import io.mqttparty.model.ClientId;
import io.mqttparty.spi.NodeId;
import java.util.concurrent.CompletionStage;

/** Detaches what a dead node left. */
@FunctionalInterface
public interface LostClients {
    /**
     * Detaches a client as lost if it is still attached to this node, and takes it out of the node's set in any case. May be repeated.
     *
     * @return whether it was attached there
     */
    CompletionStage<Boolean> lose(ClientId client, NodeId node);
}
