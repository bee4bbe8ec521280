package io.mqttparty.http.internal.client;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * The senders of which a message was given up a moment ago. Their connections end because of that, but not in the same instant: what comes through them until then must not
 * overtake what was given up. Any thread may call.
 */
public final class GivenUp {
    /** The sender of what nobody sends again: it stands alone, and is not remembered. */
    public static final Object NOBODY = new Object();

    /** Longer than an event loop takes to close a connection. */
    private static final long MEMORY_NANOS = 10_000_000_000L;

    private final Timers timers;
    private final Map<Object, Boolean> senders = Collections.synchronizedMap(new IdentityHashMap<>());
    private volatile boolean any;

    /** Of nobody yet. */
    public GivenUp(Timers timers) {
        this.timers = timers;
    }

    /** A message of this sender is given up. */
    public void add(Object sender) {
        if (sender != NOBODY && senders.put(sender, true) == null) {
            any = true;
            timers.schedule(MEMORY_NANOS, () -> forget(sender));
        }
    }

    private void forget(Object sender) {
        senders.remove(sender);
    }

    /** Whether a message of this sender was given up a moment ago; compared by identity. */
    public boolean contains(Object sender) {
        return any && senders.containsKey(sender);
    }

    /** How many are remembered. */
    int size() {
        return senders.size();
    }
}
