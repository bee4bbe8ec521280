package io.mqttparty.internal.memory;

import io.mqttparty.model.ClientId;
import io.mqttparty.spi.Presence;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Where clients are: read from their records. */
final class MemoryPresence implements Presence {
    private final Records records;

    MemoryPresence(Records records) {
        this.records = records;
    }

    @Override
    public CompletionStage<Map<ClientId, Entry>> locate(Collection<ClientId> clients) {
        Map<ClientId, Entry> found = new LinkedHashMap<>();
        for (ClientId client : clients) {
            SessionRecord record = records.find(client);
            Entry entry = record == null ? null : entry(record);
            if (entry != null) {
                found.put(client, entry);
            }
        }
        return CompletableFuture.completedFuture(found);
    }

    @Override
    public CompletionStage<Page> list(String after, int max) {
        List<Entry> entries = new ArrayList<>();
        String last = after;
        for (SessionRecord record : records.after(after)) {
            if (entries.size() == max) {
                return CompletableFuture.completedFuture(new Page(entries, Optional.of(last)));
            }
            Entry entry = entry(record);
            if (entry != null) {
                entries.add(entry);
            }
            last = record.client.value();
        }
        return CompletableFuture.completedFuture(new Page(entries, Optional.empty()));
    }

    private static @Nullable Entry entry(SessionRecord record) {
        synchronized (record) {
            return record.exists()
                    ? new Entry(
                            record.client,
                            record.ref(),
                            record.owner(),
                            Instant.ofEpochMilli(record.sinceMillis),
                            record.isPersistent())
                    : null;
        }
    }
}
