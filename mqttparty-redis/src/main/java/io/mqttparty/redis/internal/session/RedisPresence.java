package io.mqttparty.redis.internal.session;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lettuce.core.protocol.CommandType;
import io.mqttparty.model.ClientId;
import io.mqttparty.redis.internal.key.Keys;
import io.mqttparty.redis.internal.lane.Eval;
import io.mqttparty.redis.internal.lane.Lanes;
import io.mqttparty.redis.internal.lane.RedisContext;
import io.mqttparty.redis.internal.lane.Reply;
import io.mqttparty.redis.internal.lane.Script;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.Owner;
import io.mqttparty.spi.Presence;
import io.mqttparty.spi.SessionRef;
import io.mqttparty.spi.Token;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Presence from the session hashes; nothing is written for it while a client is idle. Who has a session stands in lexicographic sets, which attach
 * and the end of a session keep, so that a page costs two round trips however many clients there are. What a dead node owned counts as
 * disconnected before it is reaped.
 */
public final class RedisPresence implements Presence {
    private static final Script CLIENTS = Script.load(RedisPresence.class, "clients");

    private static final int MAX_PAGE = 10_000;
    private static final int LOCATE_AT_ONCE = 500;

    private static final byte[][] FIELDS = fields("inc", "n", "e", "on", "at", "x");

    private final RedisContext context;
    private final Predicate<NodeId> isMember;

    /**
     * Over these connections.
     *
     * @param isMember whether a node is alive; asked on the threads of the Redis client
     */
    public RedisPresence(RedisContext context, Predicate<NodeId> isMember) {
        this.context = context;
        this.isMember = isMember;
    }

    private static byte[][] fields(String... names) {
        byte[][] fields = new byte[names.length + 1][]; // the first place is for the key
        for (int i = 0; i < names.length; i++) {
            fields[i + 1] = names[i].getBytes(US_ASCII);
        }
        return fields;
    }

    // ---- some ----

    @Override
    public CompletionStage<Map<ClientId, Entry>> locate(Collection<ClientId> clients) {
        return locate(List.copyOf(clients)).thenApply(entries -> {
            Map<ClientId, Entry> found = new HashMap<>();
            entries.forEach(entry -> found.put(entry.client(), entry));
            return found;
        });
    }

    private CompletionStage<List<Entry>> locate(List<ClientId> clients) {
        List<Entry> found = new ArrayList<>(clients.size());
        return locate(clients, 0, found).thenApply(done -> found);
    }

    /** One page after the other, so that other commands come in between. */
    private CompletionStage<@Nullable Void> locate(List<ClientId> clients, int from, List<Entry> found) {
        if (from >= clients.size()) {
            return CompletableFuture.completedFuture(null);
        }
        List<CompletableFuture<Optional<Entry>>> page =
                clients.subList(from, Math.min(clients.size(), from + LOCATE_AT_ONCE)).stream()
                        .map(client -> find(client).toCompletableFuture())
                        .toList();
        return CompletableFuture.allOf(page.toArray(CompletableFuture[]::new)).thenCompose(done -> {
            page.forEach(each -> each.join().ifPresent(found::add));
            return locate(clients, from + LOCATE_AT_ONCE, found);
        });
    }

    private CompletionStage<Optional<Entry>> find(ClientId client) {
        byte[][] arguments = FIELDS.clone();
        arguments[0] = context.keys().session(client);
        return Lanes.call(
                context.lanes().of(client), CommandType.HMGET, reply -> entry(client, Reply.list(reply)), arguments);
    }

    private Optional<Entry> entry(ClientId client, List<@Nullable Object> fields) {
        String incarnation = Reply.textOrNull(fields.get(0));
        if (incarnation == null) { // nothing, or just a will that is still to be published
            return Optional.empty();
        }
        Optional<NodeId> node =
                Optional.ofNullable(Reply.textOrNull(fields.get(1))).map(NodeId::new);
        long since = Reply.number(fields.get(node.isPresent() ? 3 : 4), 0);
        return Optional.of(new Entry(
                client,
                new SessionRef(client, new Token(incarnation)),
                new Owner(node.filter(isMember), Reply.number(fields.get(2))),
                Instant.ofEpochMilli(since),
                Reply.number(fields.get(5)) > 0));
    }

    // ---- all ----

    @Override
    public CompletionStage<Page> list(String after, int max) {
        Cursor cursor = Cursor.of(after);
        int most = Math.min(max, MAX_PAGE);
        Eval script = Eval.of(CLIENTS);
        for (int bucket = cursor.bucket; bucket < Keys.DUE_BUCKETS; bucket++) {
            script.key(context.keys().clients(bucket));
        }
        return script.arg(cursor.client)
                .arg(most)
                .call(context.lanes().of(cursor.bucket), reply -> Reply.list(reply))
                .thenCompose(buckets -> page(cursor, buckets, most));
    }

    private CompletionStage<Page> page(Cursor cursor, List<@Nullable Object> buckets, int most) {
        List<ClientId> clients = new ArrayList<>();
        Cursor last = cursor;
        for (int i = 0; i < buckets.size(); i++) {
            for (Object client : Reply.list(buckets.get(i))) {
                last = new Cursor(cursor.bucket + i, Reply.text(client));
                clients.add(ClientId.of(last.client));
            }
        }
        Optional<String> next = clients.size() < most ? Optional.empty() : Optional.of(last.toString());
        return locate(clients).thenApply(entries -> new Page(entries, next));
    }

    /**
     * Where a page ended.
     *
     * @param bucket which one
     * @param client the last client of it; empty at its beginning
     */
    private record Cursor(int bucket, String client) {
        private static final Cursor START = new Cursor(0, "");

        static Cursor of(String text) {
            if (text.isEmpty()) {
                return START;
            }
            int colon = text.indexOf(':');
            int bucket = colon == 1 ? Character.digit(text.charAt(0), Keys.DUE_BUCKETS) : -1;
            if (bucket < 0) {
                throw new IllegalArgumentException("after: " + text + " (expected: the cursor of another page)");
            }
            return new Cursor(bucket, text.substring(2));
        }

        /** One digit, a colon, and the client. */
        @Override
        public String toString() {
            return Character.forDigit(bucket, Keys.DUE_BUCKETS) + ":" + client;
        }
    }
}
