package io.mqttparty.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import io.mqttparty.model.MqttPartyException;
import io.mqttparty.redis.internal.cluster.ClusterTimings;
import io.mqttparty.redis.internal.cluster.RedisCluster;
import io.mqttparty.redis.internal.key.Keys;
import io.mqttparty.redis.internal.lane.LaneOptions;
import io.mqttparty.redis.internal.lane.Lanes;
import io.mqttparty.redis.internal.lane.RedisContext;
import io.mqttparty.redis.internal.outbox.RedisOutbox;
import io.mqttparty.redis.internal.retained.RedisRetained;
import io.mqttparty.redis.internal.session.RedisPresence;
import io.mqttparty.redis.internal.session.RedisSessions;
import io.mqttparty.spi.Backend;
import io.mqttparty.spi.Cluster;
import io.mqttparty.spi.ClusterBus;
import io.mqttparty.spi.Outbox;
import io.mqttparty.spi.Presence;
import io.mqttparty.spi.RetainedStore;
import io.mqttparty.spi.RouteLog;
import io.mqttparty.spi.SessionStore;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps everything in Redis, so that a node keeps nothing that matters: kill it, and its clients go on at another one. All nodes that use the
 * same Redis and the same key prefix are one broker.
 *
 * <pre>{@code
 * RedisBackend redis = RedisBackend.builder().uri("redis://127.0.0.1:6379").build();
 * MqttParty broker = MqttParty.builder().backend(redis)…build();
 * }</pre>
 *
 * <p>The broker starts it and leaves it open; {@link #close} it after the broker. Unless a client is given, it has a Redis client of its own with a
 * few threads. Any thread may call it.
 */
public final class RedisBackend implements Backend, AutoCloseable {
    private static final int IO_THREADS = 2;
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);
    private static final int SOFT_COMMANDS = 10_000;
    private static final long SOFT_BYTES = 16 * 1024 * 1024;
    private static final long REPLICA_MILLIS = 1_000;

    private final RedisBackendBuilder.Settings settings;
    private final RedisClient client;
    private final Lanes lanes;
    private final RedisContext context;
    private final RedisSessions sessions;
    private final RedisRetained retained;
    private final RedisCluster nodes;
    private final Cluster cluster;
    private final RedisOutbox outbox;
    private @Nullable CompletableFuture<Void> started;

    RedisBackend(RedisBackendBuilder.Settings settings) {
        this.settings = settings;
        RedisClient given = settings.client();
        this.client = given == null ? newClient() : given;
        int replicas = settings.durability() == Durability.REPLICA ? 1 : 0;
        LaneOptions options = new LaneOptions(
                settings.commandTimeout().toNanos(), SOFT_COMMANDS, SOFT_BYTES, replicas, REPLICA_MILLIS);
        this.lanes = new Lanes(client, settings.uri(), options, settings.lanes());
        this.context = new RedisContext(
                new Keys(settings.keyPrefix()),
                lanes,
                settings.limits(),
                client.getResources().eventExecutorGroup());
        this.sessions = new RedisSessions(context);
        this.retained = new RedisRetained(context);
        this.nodes = new RedisCluster(context, ClusterTimings.DEFAULT, sessions.detaching()::lose);
        this.cluster =
                new Parts(sessions.listeningTo(nodes.routes()), nodes.bus(), new RedisPresence(context, nodes::isGone));
        this.outbox = new RedisOutbox(context);
    }

    private record Parts(RouteLog routes, ClusterBus bus, Presence presence) implements Cluster {}

    /** Makes a backend. */
    public static RedisBackendBuilder builder() {
        return new RedisBackendBuilder();
    }

    private static RedisClient newClient() {
        ClientResources resources = DefaultClientResources.builder()
                .ioThreadPoolSize(IO_THREADS)
                .computationThreadPoolSize(IO_THREADS)
                .reconnectDelay(
                        Delay.fullJitter(Duration.ofMillis(20), Duration.ofSeconds(1), 20, TimeUnit.MILLISECONDS))
                .build();
        RedisClient client = RedisClient.create(resources);
        client.setOptions(ClientOptions.builder()
                .autoReconnect(true)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .pingBeforeActivateConnection(true)
                // The lanes have a time limit for whole batches. One for each command keeps every command for a minute
                // after its answer.
                .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build())
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(Duration.ofSeconds(2))
                        .keepAlive(true)
                        .tcpNoDelay(true)
                        .build())
                .build());
        return client;
    }

    /** Its name in logs: {@code redis}. */
    @Override
    public String name() {
        return "redis";
    }

    /** Connects and checks the server, once for all brokers that use it. */
    @Override
    public synchronized CompletionStage<Void> start() {
        CompletableFuture<Void> running = started;
        if (running == null) {
            running = lanes.open()
                    .thenCompose(open -> new ServerCheck(lanes.of(0), settings.durability()).run())
                    .exceptionally(RedisBackend::failed)
                    .toCompletableFuture();
            started = running;
        }
        return running;
    }

    private static Void failed(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        throw cause instanceof MqttPartyException ours
                ? ours
                : new MqttPartyException("redis: cannot be reached: " + cause.getMessage(), cause);
    }

    @Override
    public SessionStore sessions() {
        return sessions;
    }

    @Override
    public RetainedStore retained() {
        return retained;
    }

    @Override
    public Cluster cluster() {
        return cluster;
    }

    @Override
    public Outbox outbox() {
        return outbox;
    }

    RedisContext context() {
        return context;
    }

    /** Closes the connections, and the client if it was made here. Waits a few seconds at most; a second call does nothing. */
    @Override
    public void close() {
        nodes.close();
        try {
            lanes.close()
                    .toCompletableFuture()
                    .orTimeout(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        } catch (CompletionException e) {
            // closing is all that can be done about it
        }
        if (settings.client() == null) {
            client.shutdown(Duration.ZERO, CLOSE_LIMIT);
            client.getResources()
                    .shutdown(0, CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                    .awaitUninterruptibly(CLOSE_LIMIT.toMillis());
        }
    }
}
