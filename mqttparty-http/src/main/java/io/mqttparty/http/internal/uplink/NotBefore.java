package io.mqttparty.http.internal.uplink;

import io.mqttparty.http.internal.client.Timers;
import io.mqttparty.model.ClientId;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Until when the backend of a route wants to be left alone: by all, or with the messages of single clients. It outlives the message that was answered so, since the device may send
 * that again over its next connection. Any thread may call.
 */
final class NotBefore {
    /** So many clients are remembered; for one more, the one that was told first is forgotten. */
    static final int MOST_CLIENTS = 10_000;

    private static final int SERVICE_UNAVAILABLE = 503;

    private final Timers timers;
    private final Map<ClientId, Long> clients = new LinkedHashMap<>();
    private long untilForAll;
    private boolean forAll;
    private volatile boolean any;

    NotBefore(Timers timers) {
        this.timers = timers;
    }

    /**
     * The backend has answered a message of a client and wants to be left alone for this time: with all, if it says that it is not available (RFC 9110 section 15.6.4), otherwise with
     * those of this client. False if that of another client is forgotten for it.
     */
    boolean ask(ClientId client, int status, long nanos) {
        synchronized (clients) {
            any = true;
            long now = timers.nanoTime();
            if (status == SERVICE_UNAVAILABLE) {
                untilForAll = forAll ? later(untilForAll, now + nanos) : now + nanos;
                forAll = true;
                return true;
            }
            Long known = clients.remove(client);
            clients.put(client, known == null ? now + nanos : later(known, now + nanos));
            forgetPassed(now);
            return !forgetOneTooMany();
        }
    }

    private static long later(long one, long other) {
        return one - other > 0 ? one : other;
    }

    /** For how long no message of a client may be sent; 0 if one may be sent now. */
    long nanosLeft(ClientId client) {
        if (!any) {
            return 0;
        }
        synchronized (clients) {
            long now = timers.nanoTime();
            forgetPassed(now);
            Long until = clients.get(client);
            long own = until == null ? 0 : until - now;
            long all = forAll ? untilForAll - now : 0;
            return Math.max(0, Math.max(own, all));
        }
    }

    private void forgetPassed(long now) {
        Iterator<Long> oldest = clients.values().iterator();
        while (oldest.hasNext() && oldest.next() - now <= 0) {
            oldest.remove();
        }
        forAll = forAll && untilForAll - now > 0;
        any = forAll || !clients.isEmpty();
    }

    private boolean forgetOneTooMany() {
        boolean isOneTooMany = clients.size() > MOST_CLIENTS;
        if (isOneTooMany) {
            Iterator<Long> oldest = clients.values().iterator();
            oldest.next();
            oldest.remove();
        }
        return isOneTooMany;
    }

    /** How many clients are remembered. */
    int clients() {
        synchronized (clients) {
            return clients.size();
        }
    }
}
