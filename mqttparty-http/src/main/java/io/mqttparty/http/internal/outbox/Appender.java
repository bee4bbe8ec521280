package io.mqttparty.http.internal.outbox;

import io.mqttparty.model.ClientId;
import io.mqttparty.spi.Outbox;
import io.mqttparty.spi.Outbox.Entry;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Appends to the outbox, the messages of one client one after the other. If one is not appended, those behind it of the same sender are not either: it will send all of them
 * again, and none may overtake another. Any thread may call.
 */
public final class Appender {
    private final Consumer<ClientId> onAppended;
    private final Map<ClientId, Tail> tails = new ConcurrentHashMap<>();

    /** The last append of a client. */
    private record Tail(Object sender, CompletableFuture<Void> done) {}

    /**
     * An appender.
     *
     * @param onAppended hears whose message is in the outbox
     */
    public Appender(Consumer<ClientId> onAppended) {
        this.onAppended = onAppended;
    }

    /**
     * Appends behind what was given before for this client.
     *
     * @param sender what it came through, such as a connection; compared by identity
     */
    public CompletionStage<Void> append(Outbox outbox, Entry entry, Object sender) {
        ClientId client = entry.client();
        Tail mine = new Tail(sender, new CompletableFuture<>());
        Tail before = tails.put(client, mine);
        if (before == null) {
            start(outbox, entry, mine);
        } else {
            var unused = before.done().whenComplete((done, failure) -> {
                if (failure != null && before.sender() == sender) {
                    end(client, mine, failure);
                } else {
                    start(outbox, entry, mine);
                }
            });
        }
        return mine.done();
    }

    private void start(Outbox outbox, Entry entry, Tail mine) {
        CompletionStage<Void> stage;
        try {
            stage = outbox.append(entry);
        } catch (RuntimeException e) {
            stage = CompletableFuture.failedFuture(e);
        }
        var unused = stage.whenComplete((done, failure) -> {
            if (failure == null) {
                onAppended.accept(entry.client());
            }
            end(entry.client(), mine, failure);
        });
    }

    private void end(ClientId client, Tail mine, @Nullable Throwable failure) {
        tails.remove(client, mine);
        if (failure == null) {
            mine.done().complete(null);
        } else {
            mine.done().completeExceptionally(failure);
        }
    }

    /** Clients whose messages are being appended. */
    public int clients() {
        return tails.size();
    }
}
