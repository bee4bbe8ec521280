package io.mqttparty.redis.internal.session;

import io.mqttparty.model.ClientId;
import io.mqttparty.redis.internal.key.Keys;
import io.mqttparty.redis.internal.lane.Eval;
import io.mqttparty.redis.internal.lane.RedisContext;
import io.mqttparty.redis.internal.lane.Reply;
import io.mqttparty.redis.internal.lane.Script;
import io.mqttparty.redis.internal.record.UnreadableRecordException;
import io.mqttparty.redis.internal.session.SessionNames.Names;
import io.mqttparty.spi.SessionStore.PendingWill;
import io.mqttparty.spi.SessionStore.Swept;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Ends sessions whose time is over and finds wills that are due. One node at a time is elected for it, only to save work: what two do is done
 * once, since a script decides about each client when it is its turn.
 */
final class Expiry {
    private static final System.Logger LOG = System.getLogger("io.mqttparty.redis");

    private static final Script DUE = Script.load(Expiry.class, "due");
    private static final Script EXPIRE = Script.load(Expiry.class, "expire");
    private static final Script WILLS = Script.load(Expiry.class, "due_wills");

    private static final long ELECTED_MILLIS = 2_000;

    private final RedisContext context;
    private final SessionNames names;
    private final String self = UUID.randomUUID().toString();
    private final AtomicInteger first = new AtomicInteger();

    Expiry(RedisContext context, SessionNames names) {
        this.context = context;
        this.names = names;
    }

    CompletionStage<Swept> sweep(int max) {
        return due(max, context.keys()::expiries)
                .thenCompose(clients -> all(clients, this::expire))
                .thenCompose(ended -> due(max, context.keys()::wills)
                        .thenCompose(clients -> all(clients, this::wills))
                        .thenApply(wills -> new Swept(
                                Math.toIntExact(
                                        ended.stream().filter(each -> each).count()),
                                wills.stream().flatMap(List::stream).limit(max).toList())));
    }

    /** Who is due in these buckets, none of which always comes first; nobody if another node sweeps. */
    private CompletionStage<List<ClientId>> due(int max, IntFunction<byte[]> bucket) {
        Eval call = Eval.of(DUE).key(context.keys().sweeper());
        int start = first.getAndIncrement();
        for (int i = 0; i < Keys.DUE_BUCKETS; i++) {
            call.key(bucket.apply(Math.floorMod(start + i, Keys.DUE_BUCKETS)));
        }
        return call.arg(self)
                .arg(ELECTED_MILLIS)
                .arg(max)
                .call(
                        context.lanes().of(0),
                        reply -> Reply.list(reply).stream()
                                .map(client -> ClientId.of(Reply.text(client)))
                                .toList());
    }

    private static <T> CompletionStage<List<T>> all(
            List<ClientId> clients, Function<ClientId, CompletionStage<T>> step) {
        List<CompletableFuture<T>> steps = clients.stream()
                .map(client -> step.apply(client).toCompletableFuture())
                .toList();
        return CompletableFuture.allOf(steps.toArray(CompletableFuture[]::new))
                .thenApply(done -> steps.stream().map(CompletableFuture::join).toList());
    }

    /** Ends the session if it is still due; whether it did. */
    private CompletionStage<Boolean> expire(ClientId client) {
        return NamedCall.run(
                client,
                names,
                context.lanes().of(client),
                believed -> expire(client, believed),
                answer -> Status.is(answer, Status.EXPIRED));
    }

    private Eval expire(ClientId client, Names believed) {
        Keys keys = context.keys();
        int bucket = Keys.dueBucket(client);
        return Eval.of(EXPIRE)
                .key(keys.session(client))
                .key(keys.queue(client, believed.incarnation()))
                .key(keys.released(client))
                .key(keys.inbound(client))
                .key(keys.expiries(bucket))
                .key(keys.wills(bucket))
                .key(keys.clients(client))
                .key(keys.routes())
                .key(keys.routeLog())
                .arg(client.value())
                .arg(believed.incarnation());
    }

    private CompletionStage<List<PendingWill>> wills(ClientId client) {
        return Eval.of(WILLS)
                .key(context.keys().session(client))
                .key(context.keys().wills(Keys.dueBucket(client)))
                .arg(client.value())
                .call(context.lanes().of(client), reply -> wills(client, Reply.list(reply)));
    }

    private static List<PendingWill> wills(ClientId client, List<@Nullable Object> fields) {
        List<PendingWill> wills = new ArrayList<>();
        for (int i = 0; i < fields.size(); i += 2) {
            try {
                wills.add(WillRecords.decode(client, Reply.number(fields.get(i)), Reply.bytes(fields.get(i + 1))));
            } catch (UnreadableRecordException e) { // a newer node will read it
                LOG.log(Level.WARNING, "redis: the will of " + client + " is left where it is: " + e.getMessage());
            }
        }
        wills.sort(Comparator.comparingLong(PendingWill::epoch));
        return wills;
    }
}
