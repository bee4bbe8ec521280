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
 * and the end of a session keep: some 20 bytes a client. A page costs a round trip for each 512 of their buckets that it passes, which are 16,384, and one for
 * the sessions found. What a dead node owned counts as disconnected before it is reaped.
 */
public final class RedisPresence implements Presence {
    private static final Script CLIENTS = Script.load(RedisPresence.class, "clients");

    private static final int MAX_PAGE = 10_000;
    private static final int LOCATE_AT_ONCE = 500;
    private static final int BUCKETS_AT_ONCE = 512;

    private static final byte[][] FIELDS = fields("inc", "n", "e", "on", "at", "x");

    private final RedisContext context;
    private final Predicate<NodeId> isGone;

    /**
     * Over these connections.
     *
     * @param isGone whether a node is known to be dead; asked on the threads of the Redis client
     */
    public RedisPresence(RedisContext context, Predicate<NodeId> isGone) {
        this.context = context;
        this.isGone = isGone;
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
                new Owner(node.filter(isGone.negate()), Reply.number(fields.get(2))),
                Instant.ofEpochMilli(since),
                Reply.number(fields.get(5)) > 0));
    }

    // ---- all ----

    @Override
    public CompletionStage<Page> list(String after, int max) {
        int most = Math.min(max, MAX_PAGE);
        List<ClientId> clients = new ArrayList<>(Math.min(most, BUCKETS_AT_ONCE));
        return collect(Cursor.of(after), most, clients)
                .thenCompose(end -> locate(clients)
                        .thenApply(entries ->
                                new Page(entries, end.isAtEnd() ? Optional.empty() : Optional.of(end.toString()))));
    }

    /** Collects clients behind a cursor, and returns where it stopped. */
    private CompletionStage<Cursor> collect(Cursor from, int most, List<ClientId> clients) {
        if (from.isAtEnd() || clients.size() >= most) {
            return CompletableFuture.completedFuture(from);
        }
        int end = Math.min(Keys.CLIENT_BUCKETS, from.bucket + BUCKETS_AT_ONCE);
        Eval script = Eval.of(CLIENTS);
        for (int bucket = from.bucket; bucket < end; bucket++) {
            script.key(context.keys().clients(bucket));
        }
        return script.arg(from.client)
                .arg(most - clients.size())
                .call(context.lanes().of(from.bucket), reply -> add(Reply.list(reply), from, clients))
                .thenCompose(last -> collect(clients.size() < most ? new Cursor(end, "") : last, most, clients));
    }

    /** Adds the clients of an answer, and returns where the last of them is. */
    private static Cursor add(List<@Nullable Object> buckets, Cursor from, List<ClientId> clients) {
        Cursor last = from;
        for (int i = 0; i < buckets.size(); i += 2) {
            int bucket = from.bucket + (int) Reply.number(buckets.get(i));
            for (Object client : Reply.list(buckets.get(i + 1))) {
                last = new Cursor(bucket, Reply.text(client));
                clients.add(ClientId.of(last.client));
            }
        }
        return last;
    }

    /**
     * Where a page ended.
     *
     * @param bucket which one
     * @param client the last client of it; empty at its beginning
     */
    private record Cursor(int bucket, String client) {
        private static final Cursor START = new Cursor(0, "");
        private static final int RADIX = 16;

        static Cursor of(String text) {
            if (text.isEmpty()) {
                return START;
            }
            int colon = text.indexOf(':');
            try {
                int bucket = Integer.parseInt(text.substring(0, Math.max(0, colon)), RADIX);
                if (bucket >= 0 && bucket < Keys.CLIENT_BUCKETS) {
                    return new Cursor(bucket, text.substring(colon + 1));
                }
            } catch (NumberFormatException e) {
                // as any other text that is no cursor
            }
            throw new IllegalArgumentException("after: " + text + " (expected: the cursor of another page)");
        }

        boolean isAtEnd() {
            return bucket >= Keys.CLIENT_BUCKETS;
        }

        /** The bucket in hexadecimal digits, a colon, and the client. */
        @Override
        public String toString() {
            return Integer.toString(bucket, RADIX) + ":" + client;
        }
    }
}
