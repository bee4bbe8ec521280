package io.mqttparty.redis.internal.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.CompletableFuture.completedFuture;

import io.lettuce.core.protocol.CommandType;
import io.mqttparty.model.ClientId;
import io.mqttparty.redis.internal.lane.Lane;
import io.mqttparty.redis.internal.lane.Lanes;
import io.mqttparty.redis.internal.lane.RedisErrorException;
import io.mqttparty.redis.internal.lane.Reply;
import io.mqttparty.spi.NodeId;
import io.netty.util.concurrent.EventExecutor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Detaches all clients of a node that is gone, page by page and not faster than allowed. */
final class Clearing {
    private static final Logger LOG = System.getLogger(Clearing.class.getName());
    private static final int PAGE = 500;
    private static final String START = "0";

    private final NodeId node;
    private final byte[] key;
    private final Lane lane;
    private final LostClients clients;
    private final EventExecutor executor;
    private final int perSecond;
    private final Supplier<CompletionStage<Void>> mayGoOn;

    /**
     * Of a node.
     *
     * @param key of the set of its clients
     * @param perSecond how many clients are detached in a second at most
     * @param mayGoOn asked before each further page; ends it by failing
     */
    Clearing(
            NodeId node,
            byte[] key,
            Lane lane,
            LostClients clients,
            EventExecutor executor,
            int perSecond,
            Supplier<CompletionStage<Void>> mayGoOn) {
        this.node = node;
        this.key = key.clone();
        this.lane = lane;
        this.clients = clients;
        this.executor = executor;
        this.perSecond = perSecond;
        this.mayGoOn = mayGoOn;
    }

    /** Goes once through the set; it is empty then, unless somebody was added meanwhile. */
    CompletionStage<Void> run() {
        return page(START);
    }

    private CompletionStage<Void> page(String cursor) {
        long startNanos = System.nanoTime();
        return Lanes.call(
                        lane,
                        CommandType.SSCAN,
                        Reply::list,
                        key,
                        cursor.getBytes(US_ASCII),
                        "COUNT".getBytes(US_ASCII),
                        Integer.toString(PAGE).getBytes(US_ASCII))
                .thenCompose(page -> {
                    List<@Nullable Object> found = Reply.list(page.get(1));
                    return loseAll(found).thenCompose(lost -> next(Reply.text(page.get(0)), found.size(), startNanos));
                });
    }

    private CompletionStage<Void> next(String cursor, int clientsBefore, long startNanos) {
        if (cursor.equals(START)) {
            return completedFuture(null);
        }
        long due = startNanos + clientsBefore * 1_000_000_000L / perSecond;
        CompletableFuture<Void> paced = new CompletableFuture<>();
        var unused = executor.schedule(
                () -> paced.complete(null), Math.max(0, due - System.nanoTime()), TimeUnit.NANOSECONDS);
        return paced.thenCompose(go -> mayGoOn.get()).thenCompose(go -> page(cursor));
    }

    private CompletionStage<Void> loseAll(List<@Nullable Object> page) {
        List<CompletableFuture<Void>> lost = new ArrayList<>(page.size());
        for (Object each : page) {
            lost.add(lose(Reply.bytes(each)).toCompletableFuture());
        }
        return CompletableFuture.allOf(lost.toArray(CompletableFuture[]::new));
    }

    private CompletionStage<Void> lose(byte[] name) {
        ClientId client;
        try {
            client = ClientId.of(new String(name, UTF_8));
        } catch (IllegalArgumentException e) {
            return skip(name, e);
        }
        return clients.lose(client, node)
                .handle((was, failure) ->
                        failure == null ? CompletableFuture.<Void>completedFuture(null) : onFailure(name, failure))
                .thenCompose(Function.identity());
    }

    /** A session that is not what it should be must not keep all others from being detached. */
    private CompletionStage<Void> onFailure(byte[] name, Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof RedisErrorException e && (e.is("WRONGTYPE") || e.is("ERR"))
                ? skip(name, e)
                : CompletableFuture.failedFuture(failure);
    }

    private CompletionStage<Void> skip(byte[] name, Throwable why) {
        LOG.log(
                Level.ERROR,
                () -> "node " + node + ": client " + new String(name, UTF_8) + " cannot be detached: "
                        + why.getMessage());
        return Lanes.call(lane, CommandType.SREM, reply -> null, key, name);
    }
}
