package io.mqttparty.redis.internal.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lettuce.core.protocol.CommandType;
import io.mqttparty.redis.internal.lane.Lane;
import io.mqttparty.redis.internal.lane.Lanes;
import io.mqttparty.redis.internal.lane.Reply;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Reads all fields of a hash, page by page. A field that is there all the time is seen at least once; no order. */
final class HashScan {
    private static final byte[] COUNT = "COUNT".getBytes(US_ASCII);
    private static final byte[] PAGE = "500".getBytes(US_ASCII);
    private static final byte[] START = {'0'};

    private final Lane lane;
    private final Executor executor;
    private final byte[] key;
    private final BiConsumer<byte[], byte[]> onField;
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    private HashScan(Lane lane, Executor executor, byte[] key, BiConsumer<byte[], byte[]> onField) {
        this.lane = lane;
        this.executor = executor;
        this.key = key;
        this.onField = onField;
    }

    /** Starts; the fields come on the executor, and so does the end. */
    static CompletionStage<Void> run(Lane lane, Executor executor, byte[] key, BiConsumer<byte[], byte[]> onField) {
        HashScan scan = new HashScan(lane, executor, key, onField);
        scan.read(START);
        return scan.done;
    }

    private void read(byte[] cursor) {
        var unused = Lanes.call(lane, CommandType.HSCAN, Reply::list, key, cursor, COUNT, PAGE)
                .whenCompleteAsync(this::onPage, executor);
    }

    private void onPage(@Nullable List<@Nullable Object> page, @Nullable Throwable failure) {
        if (page == null) {
            done.completeExceptionally(failure == null ? new IllegalStateException("no page") : failure);
            return;
        }
        List<@Nullable Object> fields = Reply.list(page.get(1));
        for (int i = 0; i + 1 < fields.size(); i += 2) {
            onField.accept(Reply.bytes(fields.get(i)), Reply.bytes(fields.get(i + 1)));
        }
        byte[] next = Reply.bytes(page.get(0));
        if (next.length == 1 && next[0] == START[0]) {
            done.complete(null);
        } else {
            read(next);
        }
    }
}
