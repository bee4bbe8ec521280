package io.mqttparty.internal.memory;

import io.mqttparty.model.ClientId;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The records by client id. A record is changed under its monitor, and taken out once nothing of its client is left. */
final class Records {
    private final ConcurrentHashMap<ClientId, SessionRecord> records = new ConcurrentHashMap<>();

    @Nullable
    SessionRecord find(ClientId client) {
        return records.get(client);
    }

    /** Does something with the client's record, which is made if there is none and dropped if nothing is left in it. */
    <T> T change(ClientId client, Function<SessionRecord, T> change) {
        while (true) {
            SessionRecord record = records.computeIfAbsent(client, SessionRecord::new);
            synchronized (record) {
                if (record.removed) {
                    continue;
                }
                try {
                    return change.apply(record);
                } finally {
                    if (!record.exists() && !record.hasPendingWills()) {
                        record.removed = true;
                        records.remove(client, record);
                    }
                }
            }
        }
    }

    /** Does something with the client's record if there is one, or answers this. */
    <T> T changeIfPresent(ClientId client, T absent, Function<SessionRecord, T> change) {
        return records.containsKey(client) ? change(client, change) : absent;
    }

    Collection<SessionRecord> all() {
        return records.values();
    }

    /** The clients in their order, from just after this one. */
    Collection<SessionRecord> after(String client) {
        ConcurrentSkipListMap<String, SessionRecord> ordered = new ConcurrentSkipListMap<>();
        records.forEach((id, record) -> {
            if (id.value().compareTo(client) > 0) {
                ordered.put(id.value(), record);
            }
        });
        return ordered.values();
    }
}
