package io.mqttparty.internal.memory;

import io.mqttparty.model.Will;
import io.mqttparty.spi.SessionStore.PendingWill;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The wills of a client's connections that are over, by epoch. Guarded by the monitor of its {@link SessionRecord}. */
final class PendingWills {
    /** Beyond this, which a client reaches only by flapping faster than wills are published, the oldest is dropped. */
    static final int MAX = 1_000;

    private @Nullable List<Entry> entries;

    boolean isEmpty() {
        return entries == null;
    }

    void add(PendingWill will) {
        if (entries == null) {
            entries = new ArrayList<>(1);
        } else if (entries.size() == MAX) {
            entries.remove(0);
        }
        entries.add(new Entry(will));
    }

    /** The will of this connection. */
    @Nullable
    Entry get(long epoch) {
        if (entries != null) {
            for (Entry entry : entries) {
                if (entry.will.epoch() == epoch) {
                    return entry;
                }
            }
        }
        return null;
    }

    /** Removes the will of this connection and returns it. */
    @Nullable
    Will remove(long epoch) {
        Entry entry = get(epoch);
        if (entry == null || entries == null) {
            return null;
        }
        entries.remove(entry);
        entries = entries.isEmpty() ? null : entries;
        return entry.will.will();
    }

    /** All of them, oldest first. */
    List<PendingWill> all() {
        return entries == null
                ? List.of()
                : entries.stream().map(entry -> entry.will).toList();
    }

    /** One will. */
    static final class Entry {
        private final PendingWill will;
        private boolean retained;

        private Entry(PendingWill will) {
            this.will = will;
        }

        Will will() {
            return will.will();
        }

        /** Whether its retained message is written. */
        boolean isRetained() {
            return retained;
        }

        void retained() {
            retained = true;
        }
    }
}
