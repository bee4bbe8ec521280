package io.mqttparty.http.internal.client;

import java.net.http.HttpClient;

/**
 * How many calls one client has on its way to one origin, and how many it may have. Over HTTP/2 they share one connection, and the server says how many it takes: the
 * client of the JDK neither tells nor waits, it fails what is too much. So the limit is learnt from that, and raised again step by step. Guarded by the lock of
 * its {@link Endpoint}.
 */
final class Shard {
    /** Between two steps up. */
    static final long STEP_NANOS = 250_000_000L;

    private final HttpClient client;
    private final HttpClient.Version version;
    private final int most;
    private final SharedConnection connection;
    private int limit;
    private int inFlight;
    private long changed;

    Shard(HttpClient client, HttpClient.Version version, int most) {
        this.client = client;
        this.version = version;
        this.most = most;
        this.limit = most;
        this.connection = new SharedConnection(version);
    }

    HttpClient client() {
        return client;
    }

    HttpClient.Version version() {
        return version;
    }

    SharedConnection connection() {
        return connection;
    }

    int inFlight() {
        return inFlight;
    }

    int room() {
        return connection.admits() ? limit - inFlight : 0;
    }

    /** Room that there will be when one call has gone ahead. */
    int soonFree() {
        return connection.isTrying() ? Math.max(0, limit - inFlight) : 0;
    }

    /** A call is sent. Returns the number of its connection. */
    int taken(long now) {
        int number = connection.sent(now, inFlight == 0);
        inFlight++;
        return number;
    }

    /** A call over this connection is over. */
    void released(int number, long now) {
        connection.ended(number, now);
        if (limit < most && inFlight >= limit && now - changed >= STEP_NANOS) {
            changed = now;
            limit = Math.min(most, limit + Math.max(1, limit / 8));
        }
        inFlight--;
    }

    /** The server takes no more than what is on its way beside the refused call. False if that is nothing: then it takes no calls at all. */
    boolean refused(int number, long now) {
        if (inFlight == 1) {
            return false;
        }
        connection.ended(number, now);
        inFlight--;
        limit = Math.min(limit, inFlight);
        changed = now;
        return true;
    }
}
