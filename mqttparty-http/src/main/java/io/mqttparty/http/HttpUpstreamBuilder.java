package io.mqttparty.http;

import static io.mqttparty.http.Arguments.once;
import static io.mqttparty.http.Arguments.positive;
import static io.mqttparty.http.Arguments.range;
import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.mqttparty.http.internal.client.Caller;
import io.mqttparty.http.internal.client.RequestSigner;
import io.mqttparty.http.internal.client.Timers;
import io.mqttparty.http.internal.outbox.DrainSettings;
import io.mqttparty.http.internal.signature.WebhookSecret;
import io.mqttparty.http.internal.signature.WebhookSigner;
import io.mqttparty.http.spi.HttpListener;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Describes an {@link HttpUpstream}. Each method checks its value and returns this builder; a value that can be set once refuses a second one. What is given stays the
 * caller's: it closes only what it made itself. Not for use by several threads.
 */
public final class HttpUpstreamBuilder {
    private static final int MOST_HTTP_CLIENTS = 64;
    private static final int MOST_IN_FLIGHT = 100_000;

    private final List<HttpRoute> routes = new ArrayList<>();
    private final List<HttpListener> listeners = new ArrayList<>();
    private final List<HttpClient> givenClients = new ArrayList<>();
    private final List<WebhookSecret> secrets = new ArrayList<>();
    private @Nullable Integer outboxTries;
    private @Nullable Integer httpClients;
    private @Nullable Integer inFlight;
    private @Nullable Integer backlog;
    private @Nullable Integer acceptedBytes;
    private @Nullable Duration connectTimeout;
    private @Nullable Breaker breaker;
    private @Nullable String source;
    private @Nullable Executor executor;
    private @Nullable ScheduledExecutorService scheduler;
    private @Nullable InstantSource clock;
    private @Nullable RandomGenerator random;
    private @Nullable Timers timers;
    private boolean cleartextHttp2;

    private record Breaker(int failures, Duration first, Duration longest) {}

    HttpUpstreamBuilder() {}

    /** Messages that go to the backend. At least one; more by calling it again. */
    public HttpUpstreamBuilder route(HttpRoute route) {
        routes.add(requireNonNull(route, "route"));
        return this;
    }

    /** Is told what happens. Any number. */
    public HttpUpstreamBuilder listener(HttpListener listener) {
        listeners.add(requireNonNull(listener, "listener"));
        return this;
    }

    /**
     * An HTTP client, for instance with certificates of its own. Over HTTP/2 all its requests to a backend share one connection; several clients have several. Any number.
     * Otherwise clients are made, see {@link #httpClients}.
     *
     * @throws IllegalArgumentException if it follows redirects
     */
    public HttpUpstreamBuilder httpClient(HttpClient client) {
        if (client.followRedirects() != HttpClient.Redirect.NEVER) {
            throw new IllegalArgumentException(
                    "httpClient: follows redirects " + client.followRedirects() + " (expected: NEVER)");
        }
        givenClients.add(client);
        return this;
    }

    /** How many HTTP clients to make, each with a thread that serves its connections. Otherwise 2. */
    public HttpUpstreamBuilder httpClients(int value) {
        httpClients = once("httpClients", httpClients, range("httpClients", value, 1, MOST_HTTP_CLIENTS));
        return this;
    }

    /**
     * How many requests may be on their way to one backend (scheme, host, port) at once, shared equally by the HTTP clients. Over HTTP/1.1 that is the most connections, but for as many more as
     * the clients have threads; over HTTP/2 an HTTP client has one connection, and no more requests on it than the server takes. Otherwise 200.
     */
    public HttpUpstreamBuilder inFlight(int value) {
        inFlight = once("inFlight", inFlight, range("inFlight", value, 1, MOST_IN_FLIGHT));
        return this;
    }

    /**
     * How many messages may wait or be on their way, of all routes; an eighth of them, but at least 2,048, may wait for earlier ones of the same client on a route, or for
     * the outbox. Beyond it messages are not acknowledged, and the connections they come from are closed; the broker holds its devices back long before, by
     * {@code Limits.pendingPublishes} and its byte budget. Otherwise 100,000.
     */
    public HttpUpstreamBuilder backlog(int value) {
        backlog = once("backlog", backlog, range("backlog", value, 1, Integer.MAX_VALUE));
        return this;
    }

    /**
     * How many bytes of messages, of all routes with {@link AckPolicy#ON_ACCEPT}, may be on their way after they were acknowledged. Beyond it the acknowledgement waits for the
     * backend, so that devices are held back. Otherwise 64 MiB.
     */
    public HttpUpstreamBuilder acceptedBytes(int value) {
        acceptedBytes = once("acceptedBytes", acceptedBytes, range("acceptedBytes", value, 0, Integer.MAX_VALUE));
        return this;
    }

    /** How long connecting to a backend may take, for HTTP clients that are made. Otherwise 5 seconds. */
    public HttpUpstreamBuilder connectTimeout(Duration value) {
        connectTimeout = once("connectTimeout", connectTimeout, positive("connectTimeout", value));
        return this;
    }

    /**
     * Asks for HTTP/2 also where the URL is http, by the upgrade of HTTP/1.1. For backends that are known to speak it: others may trip over the question. Over https HTTP/2 is
     * always offered.
     */
    public HttpUpstreamBuilder cleartextHttp2() {
        cleartextHttp2 = true;
        return this;
    }

    /**
     * When a backend gets no requests for a while: after so many in a row without an answer, or with one of 5xx. After {@code first}, or somewhat less by chance, it gets one;
     * if that fails too, the time doubles up to {@code longest}. Meanwhile messages wait. Otherwise 20 failures, 500 milliseconds to 5 seconds.
     */
    public HttpUpstreamBuilder breaker(int failures, Duration first, Duration longest) {
        range("breaker", failures, 1, Integer.MAX_VALUE);
        positive("breaker", first);
        positive("breaker", longest);
        if (longest.compareTo(first) < 0) {
            throw new IllegalArgumentException(
                    "breaker: " + first + " to " + longest + " (expected: the longest last)");
        }
        breaker = once("breaker", breaker, new Breaker(failures, first, longest));
        return this;
    }

    /**
     * Signs all requests as Standard Webhooks describes, so that the backend knows who sent them: see {@link WebhookVerifier}. With several secrets each request has as many
     * signatures, so that the backend can go over from one to the next. Otherwise requests are not signed.
     *
     * @param secret {@code whsec_} and the base64 of 24 to 64 random bytes
     * @throws IllegalArgumentException if it is none; the message does not say what was given
     */
    public HttpUpstreamBuilder secret(String secret) {
        secrets.add(WebhookSecret.parse(secret));
        return this;
    }

    /**
     * How often a message of the outbox is tried before it becomes a dead letter ({@link AckPolicy#ON_OUTBOX}), with waits from half a second to a minute. A try that found
     * no connection does not count. Otherwise 20, which takes some 13 minutes.
     */
    public HttpUpstreamBuilder outboxTries(int value) {
        outboxTries = once("outboxTries", outboxTries, range("outboxTries", value, 1, 1_000_000));
        return this;
    }

    /** Where the events come from, {@code ce-source}: a URI reference, the same on all nodes. Otherwise {@code /mqttparty}. */
    public HttpUpstreamBuilder source(String uriReference) {
        try {
            URI parsed = new URI(uriReference);
            if (uriReference.isEmpty() || !parsed.toASCIIString().equals(uriReference)) {
                throw new URISyntaxException(uriReference, "not ASCII");
            }
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("source: " + uriReference + " (expected: a URI reference)", e);
        }
        source = once("source", source, uriReference);
        return this;
    }

    /** Runs the HTTP clients that are made. Otherwise four daemon threads, while there is something to do. */
    public HttpUpstreamBuilder executor(Executor value) {
        executor = once("executor", executor, value);
        return this;
    }

    /** Runs time-outs and waits. Otherwise one daemon thread. */
    public HttpUpstreamBuilder scheduler(ScheduledExecutorService value) {
        scheduler = once("scheduler", scheduler, value);
        return this;
    }

    /** The time of day, for {@code ce-time} and {@code Retry-After}. Otherwise the system's. */
    public HttpUpstreamBuilder clock(InstantSource value) {
        clock = once("clock", clock, value);
        return this;
    }

    /** For waits and the ids of spans; used by several threads. Otherwise {@link ThreadLocalRandom}. */
    public HttpUpstreamBuilder random(RandomGenerator value) {
        random = once("random", random, value);
        return this;
    }

    /** The monotonic clock of a test. */
    HttpUpstreamBuilder timers(Timers value) {
        timers = once("timers", timers, value);
        return this;
    }

    /**
     * The upstream, not started yet.
     *
     * @throws IllegalStateException if there is no route, or HTTP clients are both given and described
     */
    public HttpUpstream build() {
        if (routes.isEmpty()) {
            throw new IllegalStateException("route: none (expected: at least one)");
        }
        if (!givenClients.isEmpty() && (httpClients != null || executor != null || connectTimeout != null)) {
            throw new IllegalStateException(
                    "httpClient: given (expected: without httpClients, executor and connectTimeout, which are for"
                            + " those that are made)");
        }
        return new UplinkWiring(this, resources()).wire(routes);
    }

    private Resources resources() {
        Resources.OwnOrGiven clients = givenClients.isEmpty()
                ? Resources.OwnOrGiven.make(requireNonNullElse(httpClients, 2), connectTimeout, executor)
                : new Resources.OwnOrGiven(List.copyOf(givenClients), () -> {});
        return timers == null
                ? Resources.with(clients, scheduler)
                : new Resources(clients.clients(), timers, clients.close());
    }

    /** Signs requests with what was given. */
    RequestSigner signer() {
        if (secrets.isEmpty()) {
            return RequestSigner.NONE;
        }
        WebhookSigner signer = new WebhookSigner(secrets);
        return (id, epochSeconds, body, headers) -> {
            headers.accept(WebhookSigner.ID_HEADER, id);
            headers.accept(WebhookSigner.TIMESTAMP_HEADER, Long.toString(epochSeconds));
            headers.accept(WebhookSigner.SIGNATURE_HEADER, signer.sign(id, epochSeconds, body.asByteBuffer()));
        };
    }

    int mostOutboxTries() {
        return requireNonNullElse(outboxTries, DrainSettings.DEFAULTS.attempts());
    }

    List<HttpRoute> routes() {
        return List.copyOf(routes);
    }

    List<HttpListener> listeners() {
        return List.copyOf(listeners);
    }

    /** What holds for calls to each backend. */
    Caller.Settings callerSettings(int clients) {
        int all = requireNonNullElse(inFlight, 200);
        Breaker opens = requireNonNullElse(breaker, new Breaker(20, Duration.ofMillis(500), Duration.ofSeconds(5)));
        return new Caller.Settings(
                (all + clients - 1) / clients,
                mostWaiting(),
                cleartextHttp2,
                opens.failures(),
                opens.first().toNanos(),
                opens.longest().toNanos());
    }

    int mostWaiting() {
        return requireNonNullElse(backlog, 100_000);
    }

    int mostAcceptedBytes() {
        return requireNonNullElse(acceptedBytes, 64 * 1024 * 1024);
    }

    String eventSource() {
        return requireNonNullElse(source, "/mqttparty");
    }

    InstantSource timeOfDay() {
        return requireNonNullElse(clock, InstantSource.system());
    }

    RandomGenerator randomness() {
        return requireNonNullElse(random, () -> ThreadLocalRandom.current().nextLong());
    }
}
