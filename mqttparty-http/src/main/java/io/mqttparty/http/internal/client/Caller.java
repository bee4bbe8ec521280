package io.mqttparty.http.internal.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/**
 * Calls to the backends of a deployment, each an {@link Endpoint} of its own. The clients and the timers are given and stay the caller's.
 */
public final class Caller {
    private final List<HttpClient> clients;
    private final Timers timers;
    private final RandomGenerator random;
    private final Settings settings;
    private final Listener listener;
    private final Map<URI, Endpoint> endpoints = new ConcurrentHashMap<>();

    /** Is told what happens to endpoints, on any thread; must not block, nor throw. */
    @FunctionalInterface
    public interface Listener {
        /** All calls to an origin wait from now on since it fails, or do not wait any more. One comes after the other, and never the same twice in a row. */
        void onBreaker(URI origin, boolean open);
    }

    /**
     * How many calls, and how.
     *
     * @param inFlight calls of one client that are on their way to one origin; over HTTP/1.1 each has a connection, over HTTP/2 they share one
     * @param waiting further calls to one origin that wait
     * @param cleartextHttp2 whether to ask for HTTP/2 over http too, by an upgrade; over https it is always offered
     * @param breakerFailures calls without an answer, or with one of 5xx, in a row after which an origin gets no calls for a while
     * @param breakerFirstNanos how long that is at first; after each trial that fails twice as long
     * @param breakerLongestNanos how long that is at most
     */
    public record Settings(
            int inFlight,
            int waiting,
            boolean cleartextHttp2,
            int breakerFailures,
            long breakerFirstNanos,
            long breakerLongestNanos) {
        /** Checks the limits. */
        public Settings {
            range("inFlight", inFlight, 1);
            range("waiting", waiting, 0);
            range("breakerFailures", breakerFailures, 1);
            range("breakerFirstNanos", breakerFirstNanos, 1);
            range("breakerLongestNanos", breakerLongestNanos, breakerFirstNanos);
        }

        private static void range(String name, long value, long least) {
            if (value < least) {
                throw new IllegalArgumentException(name + ": " + value + " (expected: " + least + " or more)");
            }
        }
    }

    /**
     * Calls with these clients, in turn to the one that has least to do.
     *
     * @param random for the time that an origin gets no calls; several threads use it
     * @throws IllegalArgumentException if there is no client, or one follows redirects
     */
    public Caller(
            List<HttpClient> clients, Timers timers, RandomGenerator random, Settings settings, Listener listener) {
        this.clients = List.copyOf(clients);
        this.timers = timers;
        this.random = random;
        this.settings = settings;
        this.listener = listener;
        if (clients.isEmpty()) {
            throw new IllegalArgumentException("clients: none (expected: at least one)");
        }
        for (HttpClient each : clients) {
            if (each.followRedirects() != HttpClient.Redirect.NEVER) {
                throw new IllegalArgumentException(
                        "httpClient: follows redirects " + each.followRedirects() + " (expected: NEVER)");
            }
        }
    }

    /**
     * The endpoint for an origin; the same one each time.
     *
     * @param origin scheme, host and port, such as {@code UrlTemplate.origin()} gives
     */
    public Endpoint endpoint(URI origin) {
        return endpoints.computeIfAbsent(origin, this::newEndpoint);
    }

    private Endpoint newEndpoint(URI origin) {
        boolean http2 = "https".equals(origin.getScheme()) || settings.cleartextHttp2();
        HttpClient.Version version = http2 ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1;
        var breaker = new Breaker.Settings(
                settings.breakerFailures(), settings.breakerFirstNanos(), settings.breakerLongestNanos());
        return new Endpoint(
                origin,
                timers,
                clients.stream()
                        .map(each -> new Shard(each, version, settings.inFlight()))
                        .toList(),
                settings.waiting(),
                new Breaker(breaker, random),
                listener);
    }

    /** All endpoints that have been asked for. */
    public Collection<Endpoint> endpoints() {
        return List.copyOf(endpoints.values());
    }

    /** Ends all calls; later ones fail. */
    public void close() {
        endpoints.values().forEach(Endpoint::close);
    }
}
