package io.mqttparty.redis.internal.session;

import static java.util.concurrent.CompletableFuture.failedFuture;

import io.mqttparty.model.ClientId;
import io.mqttparty.redis.internal.lane.RedisContext;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.Presence;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/** Presence from the session hashes. */
public final class RedisPresence implements Presence {
    /**
     * Over these connections.
     *
     * @param isMember whether a node is alive; asked on the threads of the Redis client
     */
    public RedisPresence(RedisContext context, Predicate<NodeId> isMember) {}

    @Override
    public CompletionStage<Map<ClientId, Entry>> locate(Collection<ClientId> clients) {
        return failedFuture(new UnsupportedOperationException("locate"));
    }

    @Override
    public CompletionStage<Page> list(String after, int max) {
        return failedFuture(new UnsupportedOperationException("list"));
    }
}
