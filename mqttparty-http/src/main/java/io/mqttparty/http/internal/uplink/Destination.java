package io.mqttparty.http.internal.uplink;

import io.mqttparty.http.internal.client.Endpoint;
import io.mqttparty.http.internal.client.GivenUp;
import io.mqttparty.http.internal.text.UrlTemplate;
import io.mqttparty.http.spi.HttpCounter;
import io.mqttparty.model.ClientId;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Where the events of a route go: it delivers them with retries until the backend has answered for good or the time is over, those of one client in their order. Any
 * thread may call.
 */
public final class Destination {
    private final Settings settings;
    private final Endpoint endpoint;
    private final Surroundings surroundings;
    private final Lanes lanes;
    private final @Nullable Gate gate;
    private final NotBefore notBefore;
    private final Set<Delivery> resting = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * How it delivers.
     *
     * @param url where to
     * @param requests makes the requests
     * @param timeoutNanos how long one try may take
     * @param totalNanos how long an event may take until its last try has ended: from when it is given or, if it waits for others of its client, from when the last of them was
     *     answered
     * @param bodyBytes the largest body of an answer
     * @param backoff the waits between tries
     * @param retryAfterNanos the longest wait that the backend may ask for
     * @param concurrency how many requests at once; 0 for as many as the endpoint allows
     * @param perClient how many requests of one client at once; with 1 they are in order, and an event that is given up takes with it those that come behind it through the
     *     same sender
     */
    public record Settings(
            UrlTemplate url,
            Requests requests,
            long timeoutNanos,
            long totalNanos,
            int bodyBytes,
            Backoff backoff,
            long retryAfterNanos,
            int concurrency,
            int perClient) {
        /** Not the whole URL, which may hold a secret. */
        @Override
        public String toString() {
            return url.origin().toString();
        }
    }

    /** A destination at an endpoint, which is that of its URL. */
    public Destination(Settings settings, Endpoint endpoint, Surroundings surroundings) {
        this.settings = settings;
        this.endpoint = endpoint;
        this.surroundings = surroundings;
        this.lanes = new Lanes(settings.perClient(), new GivenUp(surroundings.timers()));
        this.gate = settings.concurrency() == 0 ? null : new Gate(settings.concurrency());
        this.notBefore = new NotBefore(surroundings.timers());
    }

    /**
     * Delivers an event. The stage never fails; it completes on any thread, so what follows on it must not block. Events of one client that are given one after the
     * other are sent in that order.
     */
    public CompletableFuture<Outcome> deliver(Event event) {
        if (!hasRoom(event.client()) || !surroundings.backlog().enter()) {
            return CompletableFuture.completedFuture(refuse());
        }
        Delivery delivery = new Delivery(this, event, Integer.MAX_VALUE);
        lanes.add(delivery);
        return delivery.outcome();
    }

    /**
     * Tries once to deliver an event; the order of the events of a client is up to the caller. The stage is as that of {@link #deliver}: what would be tried again has failed,
     * and was not sent at all if there are no tries. It fails at once while the backend wants to be left alone.
     */
    public CompletableFuture<Outcome> attempt(Event event) {
        if (!surroundings.backlog().enter()) {
            return CompletableFuture.completedFuture(refuse());
        }
        Delivery delivery = new Delivery(this, event, 1);
        delivery.start();
        return delivery.outcome();
    }

    /** Whether not too many events of a client wait for each other. */
    boolean hasRoom(ClientId client) {
        return lanes.waiting(client) < surroundings.backlog().mostOfAClient();
    }

    private Outcome refuse() {
        if (surroundings.backlog().isClosed()) {
            return Outcome.failed(0, "closed", 0);
        }
        surroundings.observer().count(HttpCounter.BACKLOG_FULL);
        return Outcome.failed(0, "too many messages wait", 0);
    }

    /** Ends what waits for its next try; what is sent ends with the endpoint, which is closed before. */
    public void close() {
        closed = true;
        resting.forEach(Delivery::close);
    }

    /** A delivery waits for its next try. */
    void rest(Delivery delivery) {
        resting.add(delivery);
        if (closed) {
            delivery.close();
        }
    }

    /** Its time has come, or that of all. False if it does not wait any more. */
    boolean wake(Delivery delivery) {
        return resting.remove(delivery);
    }

    Settings settings() {
        return settings;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    Surroundings surroundings() {
        return surroundings;
    }

    @Nullable
    Gate gate() {
        return gate;
    }

    NotBefore notBefore() {
        return notBefore;
    }

    /** Clients whose events wait or are on their way. */
    public int clients() {
        return lanes.size();
    }
}
