package io.mqttparty.http;

import static io.mqttparty.http.Arguments.once;
import static io.mqttparty.http.Arguments.range;
import static java.util.Objects.requireNonNullElse;

import io.mqttparty.http.internal.client.Caller;
import io.mqttparty.http.internal.decision.Inquiry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** What {@link HttpAuthenticator} and {@link HttpAuthorizer} are made from: each method checks its value and returns this builder. Not for use by several threads. */
abstract sealed class DecisionBuilder<B extends DecisionBuilder<B>>
        permits HttpAuthenticator.Builder, HttpAuthorizer.Builder {
    static final String ATTRIBUTE_PREFIX = "mqtt-attribute-";

    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofMillis(4_500);
    private static final Duration LONGEST_CACHE_TIME = Duration.ofDays(1);

    private final List<Map.Entry<String, String>> headers = new ArrayList<>();
    private @Nullable URI uri;
    private @Nullable Duration timeout;
    private @Nullable Integer concurrency;
    private @Nullable Integer waiting;
    private @Nullable Integer cacheEntries;
    private @Nullable Duration cacheTime;
    private @Nullable HttpClient httpClient;
    private @Nullable ScheduledExecutorService scheduler;

    DecisionBuilder() {}

    abstract B self();

    /**
     * Where to ask, {@code https} or {@code http}. Questions hold what is secret: use {@code http} only where nobody listens.
     *
     * @throws IllegalArgumentException if it is no such address, or has a user or a fragment
     */
    public B uri(String address) {
        URI parsed;
        try {
            parsed = URI.create(address);
        } catch (IllegalArgumentException e) { // its message quotes all of it, which may hold a secret
            throw new IllegalArgumentException("uri: not one (expected: http://host/path or https://host/path)");
        }
        String scheme = String.valueOf(parsed.getScheme()).toLowerCase(Locale.ROOT);
        if (!(scheme.equals("https") || scheme.equals("http"))
                || parsed.getHost() == null
                || parsed.getPort() == 0
                || parsed.getPort() > 65_535
                || parsed.getRawUserInfo() != null
                || parsed.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "uri: not of this form (expected: http://host/path or https://host/path, without user and fragment)");
        }
        uri = once("uri", uri, parsed);
        return self();
    }

    /**
     * A header of each request, such as {@code Authorization}; not {@code Content-Type}. Any number.
     *
     * @throws IllegalArgumentException if it cannot be sent; the message does not say its value
     */
    public B header(String name, String value) {
        if (name.equalsIgnoreCase("content-type")) {
            throw new IllegalArgumentException("header: " + name + " (expected: none that the bridge sets)");
        }
        try {
            var unused = HttpRequest.newBuilder().header(name, value);
        } catch (IllegalArgumentException e) { // its message quotes the value, which may be a secret
            throw new IllegalArgumentException(
                    "header: " + name + " (expected: a header that may be set, and a value of visible characters)");
        }
        headers.add(Map.entry(name, value));
        return self();
    }

    /** How long the backend may take from the question to the last byte of its answer, 100 ms to 4.5 s; 3 s if not set. Beyond it the answer is no. */
    public B timeout(Duration limit) {
        timeout = once("timeout", timeout, range("timeout", limit, SHORTEST, LONGEST));
        return self();
    }

    /** How many requests may be on their way at once, 1 to 10,000; 64 if not set. Over HTTP/1.1 each has a connection. */
    public B concurrency(int requests) {
        concurrency = once("concurrency", concurrency, range("concurrency", requests, 1, 10_000));
        return self();
    }

    /** How many further questions may wait, up to 1,000,000; 4,096 if not set. The answer to those beyond it is no. */
    public B waiting(int questions) {
        waiting = once("waiting", waiting, range("waiting", questions, 0, 1_000_000));
        return self();
    }

    /**
     * How many answers are kept that say how long they hold, up to 1,000,000; 10,000 if not set, 0 for none. When there are more, or their names, topics and
     * attributes have more than 512 characters on average, those make room that were not used lately.
     */
    public B cacheEntries(int answers) {
        cacheEntries = once("cacheEntries", cacheEntries, range("cacheEntries", answers, 0, 1_000_000));
        return self();
    }

    /** How long an answer is kept at most, whatever it says, 1 s to a day; one hour if not set. */
    public B cacheTime(Duration most) {
        cacheTime = once("cacheTime", cacheTime, range("cacheTime", most, Duration.ofSeconds(1), LONGEST_CACHE_TIME));
        return self();
    }

    /** A client of yours, which must not follow redirects. It stays open. Otherwise one of its own, with a few threads. */
    public B httpClient(HttpClient yours) {
        if (yours.followRedirects() != HttpClient.Redirect.NEVER) {
            throw new IllegalArgumentException(
                    "httpClient: follows redirects " + yours.followRedirects() + " (expected: NEVER)");
        }
        httpClient = once("httpClient", httpClient, yours);
        return self();
    }

    /** For deadlines: short tasks only. It stays open. Otherwise one of its own, with one thread. */
    public B scheduler(ScheduledExecutorService yours) {
        scheduler = once("scheduler", scheduler, yours);
        return self();
    }

    /** What was given, or is made. */
    Resources resources() {
        Resources.OwnOrGiven clients = httpClient == null
                ? Resources.OwnOrGiven.make(1, limit(), null)
                : new Resources.OwnOrGiven(List.of(httpClient), () -> {});
        return Resources.with(clients, scheduler);
    }

    /** Without a breaker: a decision that waits for the backend to come back is late, and late is no. */
    Caller.Settings callerSettings() {
        return new Caller.Settings(
                requireNonNullElse(concurrency, 64),
                requireNonNullElse(waiting, 4_096),
                false,
                Integer.MAX_VALUE,
                1,
                1);
    }

    Inquiry.Settings settings() {
        return new Inquiry.Settings(
                address(),
                headers,
                limit().toNanos(),
                ATTRIBUTE_PREFIX,
                requireNonNullElse(cacheEntries, 10_000),
                requireNonNullElse(cacheTime, Duration.ofHours(1)).toSeconds());
    }

    private Duration limit() {
        return requireNonNullElse(timeout, Duration.ofSeconds(3));
    }

    /**
     * Where to ask.
     *
     * @throws IllegalStateException if nothing says it
     */
    URI address() {
        URI address = uri;
        if (address == null) {
            throw new IllegalStateException("uri: not set (expected: where to ask)");
        }
        return address;
    }
}
