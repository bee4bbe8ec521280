package io.mqttparty.spi;

import io.mqttparty.model.ClientId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Which clients there are and where they are connected. Any thread may call it. */
public interface Presence {
    /** What is known of each of these clients; those without a session are left out, even if a will of theirs is still to be published. */
    CompletionStage<Map<ClientId, Entry>> locate(Collection<ClientId> clients);

    /**
     * One page of all clients that have a session.
     *
     * @param after the cursor of the page before; empty for the first page
     * @param max how many at most
     */
    CompletionStage<Page> list(String after, int max);

    /**
     * A client that has a session.
     *
     * @param client which
     * @param session its incarnation
     * @param owner where it is connected, if it is
     * @param since when it connected, or was disconnected
     * @param persistent whether the session outlives its connection
     */
    record Entry(ClientId client, SessionRef session, Owner owner, Instant since, boolean persistent) {}

    /**
     * A page of clients.
     *
     * @param entries fewer than asked for is possible on any page
     * @param next what to ask the next page after; empty if this is the last
     */
    record Page(List<Entry> entries, Optional<String> next) {
        /** Copies the list. */
        public Page {
            entries = List.copyOf(entries);
        }
    }
}
