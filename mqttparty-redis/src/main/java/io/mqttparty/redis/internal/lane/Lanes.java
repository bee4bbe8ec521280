package io.mqttparty.redis.internal.lane;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.CommandType;
import io.mqttparty.model.ClientId;
import io.netty.util.concurrent.Future;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All connections to Redis. What concerns one client goes through one lane, so that it keeps its order; what must be on replicas before it
 * counts goes through a lane of its own kind, whose batches wait for them.
 */
public final class Lanes {
    private static final long TICK_MILLIS = 100;

    private final RedisClient client;
    private final RedisURI uri;
    private final LaneOptions options;
    private final int count;
    private final List<Lane> plain = new CopyOnWriteArrayList<>();
    private final List<Lane> gating = new CopyOnWriteArrayList<>();
    private final List<Lane> all = new CopyOnWriteArrayList<>();
    private final List<Consumer<Lane>> reconnected = new CopyOnWriteArrayList<>();
    private @Nullable SentinelWatch sentinels;
    private @Nullable Future<?> ticker;

    /**
     * Connections that are not open yet.
     *
     * @param client that makes them
     * @param uri of the server or of the sentinels
     * @param options of the lanes; with replicas, there are twice as many
     * @param count how many lanes of one kind
     */
    public Lanes(RedisClient client, RedisURI uri, LaneOptions options, int count) {
        this.client = client;
        this.uri = uri;
        this.options = options;
        this.count = count;
    }

    /** Connects. */
    public CompletionStage<Void> open() {
        List<CompletableFuture<?>> opened = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            opened.add(open(options.withoutReplicas()).thenAccept(plain::add).toCompletableFuture());
            if (options.replicas() > 0) {
                opened.add(open(options).thenAccept(gating::add).toCompletableFuture());
            }
        }
        return CompletableFuture.allOf(opened.toArray(CompletableFuture[]::new))
                .thenCompose(open -> watchSentinels())
                .thenRun(this::startTicker);
    }

    private CompletionStage<Void> watchSentinels() {
        if (uri.getSentinels().isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        SentinelWatch watch = new SentinelWatch(uri.getSentinelMasterId(), all);
        sentinels = watch;
        return watch.listen(client, uri.getSentinels());
    }

    private void startTicker() {
        ticker = client.getResources()
                .eventExecutorGroup()
                .scheduleAtFixedRate(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        long now = System.nanoTime();
        for (Lane lane : all) {
            lane.tick(now);
        }
    }

    /**
     * A connection of its own, for reads that block.
     *
     * @param blockNanos how long a read blocks at most; its reply may take as much longer as on any lane
     */
    public CompletionStage<Lane> openReader(long blockNanos) {
        return open(options.withoutReplicas().withTimeoutNanos(options.timeoutNanos() + blockNanos));
    }

    private CompletionStage<Lane> open(LaneOptions laneOptions) {
        return client.connectAsync(ByteArrayCodec.INSTANCE, uri).thenApply(connection -> {
            // A lane has its own time limit. Lettuce would keep every command in a timer for a minute, even if it is
            // answered.
            connection.setTimeout(Duration.ZERO);
            Lane lane = new Lane(connection, laneOptions);
            connection.addListener(new Listener(lane, reconnected));
            lane.loadScripts();
            all.add(lane);
            return lane;
        });
    }

    /** Told of a lane whose connection was lost and which has another, maybe to another server, before anything is answered there. */
    public void onReconnected(Consumer<Lane> listener) {
        reconnected.add(listener);
    }

    private record Listener(Lane lane, List<Consumer<Lane>> reconnected) implements RedisConnectionStateListener {
        @Override
        public void onRedisConnected(RedisChannelHandler<?, ?> connection, SocketAddress address) {
            lane.onConnected(address);
            reconnected.forEach(listener -> listener.accept(lane));
        }

        @Override
        public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
            lane.onDisconnected();
        }

        @Override
        public void onRedisExceptionCaught(RedisChannelHandler<?, ?> connection, Throwable cause) {}
    }

    // ---- choosing ----

    /** The lane of everything that concerns this client's session. */
    public Lane of(ClientId id) {
        return of(id.value().hashCode());
    }

    /** The lane of everything that has this hash. */
    public Lane of(int hash) {
        return plain.get(Math.floorMod(hash, plain.size()));
    }

    /** The lane of writes for this client that an acknowledgement waits for. */
    public Lane gating(ClientId id) {
        return gating(id.value().hashCode());
    }

    /** The lane of writes with this hash that an acknowledgement waits for. */
    public Lane gating(int hash) {
        return gating.isEmpty() ? of(hash) : gating.get(Math.floorMod(hash, gating.size()));
    }

    /** Sends what was {@linkplain Lane#collect collected} for {@link #gating} lanes. */
    public void flushGating() {
        (gating.isEmpty() ? plain : gating).forEach(Lane::flush);
    }

    /** Whether publishers should pause because one of the lanes has too much on it. */
    public boolean isCongested() {
        return isAnyCongested(plain) || isAnyCongested(gating);
    }

    private static boolean isAnyCongested(List<Lane> lanes) {
        for (int i = 0; i < lanes.size(); i++) {
            if (lanes.get(i).isCongested()) {
                return true;
            }
        }
        return false;
    }

    // ---- one command ----

    /** Sends a command; the stage completes with what the function makes of the reply. */
    public static <T> CompletionStage<T> call(
            Lane lane, CommandType type, Function<@Nullable Object, T> onReply, byte[]... arguments) {
        CompletableFuture<T> result = new CompletableFuture<>();
        lane.send(type, Replies.to(result, onReply), arguments);
        return result;
    }

    // ---- the end ----

    /** Closes a connection that {@link #openReader} made. */
    public void close(Lane reader) {
        all.remove(reader);
        var unused = reader.close();
    }

    /** Closes all connections; what is under way fails. */
    public CompletionStage<Void> close() {
        Future<?> ticking = ticker;
        if (ticking != null) {
            ticking.cancel(false);
        }
        List<CompletableFuture<?>> closing = new ArrayList<>();
        all.forEach(lane -> closing.add(lane.close().toCompletableFuture()));
        SentinelWatch watch = sentinels;
        if (watch != null) {
            closing.add(watch.close().toCompletableFuture());
        }
        return CompletableFuture.allOf(closing.toArray(CompletableFuture[]::new));
    }
}
