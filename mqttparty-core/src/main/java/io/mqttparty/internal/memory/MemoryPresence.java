package io.mqttparty.internal.memory;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.mqttparty.model.ClientId;
import io.mqttparty.spi.Presence;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Which clients there are, ordered by client id. */
final class MemoryPresence implements Presence {
    private final SessionTable table;

    MemoryPresence(SessionTable table) {
        this.table = table;
    }

    @Override
    public CompletionStage<Map<ClientId, Entry>> locate(Collection<ClientId> clients) {
        Map<ClientId, Entry> found = new HashMap<>();
        for (ClientId client : clients) {
            SessionRecord record = table.find(client);
            Entry entry = record == null ? null : entry(record);
            if (entry != null) {
                found.put(client, entry);
            }
        }
        return completedFuture(found);
    }

    @Override
    public CompletionStage<Page> list(String after, int max) {
        Map<ClientId, SessionRecord> rest =
                after.isEmpty() ? table.ordered() : table.ordered().tailMap(ClientId.of(after), false);
        List<Entry> entries = new ArrayList<>();
        Iterator<SessionRecord> records = rest.values().iterator();
        String last = after;
        for (int i = 0; i < max && records.hasNext(); i++) {
            SessionRecord record = records.next();
            Entry entry = entry(record);
            if (entry != null) {
                entries.add(entry);
            }
            last = record.client().value();
        }
        return completedFuture(new Page(entries, records.hasNext() ? Optional.of(last) : Optional.empty()));
    }

    private static @Nullable Entry entry(SessionRecord record) {
        synchronized (record) {
            StoredSession session = record.session();
            return session == null
                    ? null
                    : new Entry(
                            record.client(),
                            session.ref(),
                            record.owner(),
                            Instant.ofEpochMilli(record.sinceMillis()),
                            session.isPersistent());
        }
    }
}
