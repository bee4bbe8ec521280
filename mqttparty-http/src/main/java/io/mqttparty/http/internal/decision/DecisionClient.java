package io.mqttparty.http.internal.decision;

import io.mqttparty.http.internal.client.Caller;
import io.mqttparty.http.internal.client.DaemonThreads;
import io.mqttparty.http.internal.client.Endpoint;
import io.mqttparty.http.internal.client.ExecutorTimers;
import io.mqttparty.http.internal.client.Timers;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The HTTP client and the threads of one authenticator or authorizer: what was given stays open, what was made here is closed. */
public final class DecisionClient implements AutoCloseable {
    private static final int THREADS = 2;
    private static final long IDLE_SECONDS = 30;

    private final @Nullable ExecutorService ownThreads;
    private final @Nullable ScheduledExecutorService ownTimer;
    private final Timers timers;
    private final Caller caller;

    /**
     * A client.
     *
     * @param client sends the requests; null to make one
     * @param timer for deadlines; null to make one
     * @param inFlight requests at the same time
     * @param waiting further ones that wait
     * @param connect how long a connection may take
     * @throws IllegalArgumentException if the client follows redirects
     */
    public DecisionClient(
            @Nullable HttpClient client,
            @Nullable ScheduledExecutorService timer,
            int inFlight,
            int waiting,
            Duration connect) {
        ownThreads = client == null ? newThreads() : null;
        ScheduledExecutorService deadlines = timer == null ? ExecutorTimers.newExecutor() : timer;
        ownTimer = timer == null ? deadlines : null;
        timers = new ExecutorTimers(deadlines);
        HttpClient sends = client != null
                ? client
                : HttpClient.newBuilder()
                        .executor(ownThreads)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(connect)
                        .build();
        // Without a breaker: a decision that waits for the backend to come back is late, and late is no.
        Caller.Settings settings = new Caller.Settings(inFlight, waiting, false, Integer.MAX_VALUE, 1, 1);
        caller = new Caller(List.of(sends), timers, new SecureRandom(), settings, (origin, open) -> {});
    }

    private static ExecutorService newThreads() {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new DaemonThreads("decision"));
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /** The endpoint for this address. */
    public Endpoint endpoint(URI uri) {
        return caller.endpoint(URI.create(uri.getScheme() + "://" + uri.getRawAuthority()));
    }

    /** The time. */
    public Timers timers() {
        return timers;
    }

    /** Ends all requests, whose questions are then undecided, and the threads that were made here. */
    @Override
    public void close() {
        caller.close();
        if (ownThreads != null) {
            ownThreads.shutdown();
        }
        if (ownTimer != null) {
            ownTimer.shutdown();
        }
    }
}
