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
    private int limit;
    private int inFlight;
    private long changed;

    Shard(HttpClient client, HttpClient.Version version, int most) {
        this.client = client;
        this.version = version;
        this.most = most;
        this.limit = most;
    }

    HttpClient client() {
        return client;
    }

    HttpClient.Version version() {
        return version;
    }

    int inFlight() {
        return inFlight;
    }

    int room() {
        return limit - inFlight;
    }

    void taken() {
        inFlight++;
    }

    /** A call is over. */
    void released(long now) {
        if (limit < most && inFlight >= limit && now - changed >= STEP_NANOS) {
            changed = now;
            limit = Math.min(most, limit + Math.max(1, limit / 8));
        }
        inFlight--;
    }

    /** The server takes no more than what is on its way beside the refused call. False if that is nothing: then it takes no calls at all. */
    boolean refused(long now) {
        if (inFlight == 1) {
            return false;
        }
        inFlight--;
        limit = Math.min(limit, inFlight);
        changed = now;
        return true;
    }
}
