package io.mqttparty.redis.internal.lane;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Hears from the sentinels that another server is the primary, and makes the lanes leave the old one. An old primary that still runs goes on taking
 * writes for about ten seconds, all of which are lost; its connections would say nothing of it.
 *
 * <p>Every sentinel is listened to, since one that does not know yet sends the client back to the old primary: with its own message it is left again.
 */
final class SentinelWatch extends RedisPubSubAdapter<String, String> {
    private static final Logger LOG = System.getLogger(SentinelWatch.class.getName());
    private static final String CHANNEL = "+switch-master";

    private final String primary;
    private final Collection<Lane> lanes;
    private final List<StatefulRedisPubSubConnection<String, String>> connections = new ArrayList<>();

    /**
     * Not listening yet.
     *
     * @param primary the name under which the sentinels know it
     * @param lanes those that are open, at any time
     */
    SentinelWatch(String primary, Collection<Lane> lanes) {
        this.primary = primary;
        this.lanes = lanes;
    }

    /** Listens to all sentinels that can be reached; the stage completes when it has tried all, and does not fail. */
    CompletionStage<Void> listen(RedisClient client, List<RedisURI> sentinels) {
        return CompletableFuture.allOf(sentinels.stream()
                .map(sentinel -> listen(client, sentinel).toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    private CompletionStage<Void> listen(RedisClient client, RedisURI sentinel) {
        return client.connectPubSubAsync(StringCodec.UTF8, sentinel)
                .thenCompose(connection -> {
                    synchronized (connections) {
                        connections.add(connection);
                    }
                    connection.addListener(this);
                    return connection.async().subscribe(CHANNEL);
                })
                .exceptionally(failure -> {
                    LOG.log(
                            Level.WARNING,
                            "redis: sentinel " + sentinel.getHost() + ":" + sentinel.getPort()
                                    + " cannot be listened to: " + failure.getMessage());
                    return null;
                });
    }

    /** {@code <name> <old host> <old port> <new host> <new port>}. */
    @Override
    public void message(String channel, String message) {
        String[] words = message.split(" ", -1);
        if (words.length != 5 || !words[0].equals(primary)) {
            return;
        }
        for (Lane lane : lanes) {
            if (!lane.isConnectedTo(words[3], words[4])) {
                lane.leaveServer();
            }
        }
    }

    CompletionStage<Void> close() {
        synchronized (connections) {
            return CompletableFuture.allOf(connections.stream()
                    .map(connection -> connection.closeAsync())
                    .toArray(CompletableFuture[]::new));
        }
    }
}
