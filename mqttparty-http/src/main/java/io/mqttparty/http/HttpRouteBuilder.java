package io.mqttparty.http;

import static io.mqttparty.http.Arguments.once;
import static io.mqttparty.http.Arguments.positive;
import static io.mqttparty.http.Arguments.range;
import static java.util.Objects.requireNonNullElse;

import io.mqttparty.http.internal.outbox.DrainSettings;
import io.mqttparty.http.internal.text.TopicTemplate;
import io.mqttparty.http.internal.text.UrlTemplate;
import io.mqttparty.http.internal.uplink.Backoff;
import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicFilter;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Describes an {@link HttpRoute}. Each method checks its value and returns this builder; a value that can be set once refuses a second one. Not for use by several
 * threads.
 */
public final class HttpRouteBuilder {
    private static final Set<String> METHODS = Set.of("POST", "PUT", "PATCH");
    private static final Set<String> OWN_HEADERS = Set.of("content-type", "idempotency-key", "traceparent");
    private static final int MOST_NAME_CHARACTERS = 256;
    private static final int MOST_CONCURRENT = 100_000;
    private static final int LARGEST_REPLY = 16 * 1024 * 1024;

    private final TopicFilter filter;
    private final UrlTemplate url;
    private final List<Map.Entry<String, String>> headers = new ArrayList<>();
    private @Nullable String name;
    private @Nullable String method;
    private @Nullable String contentType;
    private @Nullable String eventType;
    private @Nullable Duration timeout;
    private @Nullable Duration deadline;
    private @Nullable Integer concurrency;
    private @Nullable Integer perClient;
    private @Nullable AckPolicy acknowledgement;
    private @Nullable Backoff backoff;
    private @Nullable Duration longestRetryAfter;
    private @Nullable TopicTemplate replyTopic;
    private @Nullable QoS replyQos;
    private @Nullable Duration replyTtl;
    private @Nullable Integer replyBytes;
    private @Nullable TopicTemplate deadLetterTopic;

    HttpRouteBuilder(TopicFilter filter, UrlTemplate url) {
        if (filter.isShared()) {
            throw new IllegalArgumentException("filter: " + filter + " (expected: a filter that is not shared)");
        }
        int levels = filter.levels().size();
        boolean open = filter.value().endsWith("#");
        if (!open && url.highestLevel() > levels) {
            throw new IllegalArgumentException(
                    "url: " + url + " (expected: no level beyond the " + levels + " of " + filter + ")");
        }
        this.filter = filter;
        this.url = url;
    }

    /**
     * What messages in the outbox know the route by: the same on all nodes, and for as long as one waits. Needed for routes with {@link AckPolicy#ON_OUTBOX} that have the same
     * filter. Otherwise the filter.
     */
    public HttpRouteBuilder name(String value) {
        if (value.isEmpty() || value.length() > MOST_NAME_CHARACTERS) {
            throw new IllegalArgumentException(
                    "name: " + value.length() + " characters (expected: 1 to " + MOST_NAME_CHARACTERS + ")");
        }
        name = once("name", name, value);
        return this;
    }

    /** The method of the requests: POST, PUT or PATCH. Otherwise POST. */
    public HttpRouteBuilder method(String value) {
        if (!METHODS.contains(value)) {
            throw new IllegalArgumentException("method: " + value + " (expected: POST, PUT or PATCH)");
        }
        method = once("method", method, value);
        return this;
    }

    /**
     * A header of every request, such as {@code Authorization}. Any number.
     *
     * @throws IllegalArgumentException if it is no header, or one that the bridge or the HTTP client sets
     */
    public HttpRouteBuilder header(String name, String value) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (OWN_HEADERS.contains(lower) || lower.startsWith("ce-") || lower.startsWith("webhook-")) {
            throw new IllegalArgumentException("header: " + name + " (expected: none that the bridge sets)");
        }
        try {
            HttpRequest.newBuilder().header(name, value);
        } catch (IllegalArgumentException e) { // its message quotes the value, which may be a secret
            throw new IllegalArgumentException(
                    "header: " + name + " (expected: a header that may be set, and a value of visible characters)");
        }
        headers.add(Map.entry(name, value));
        return this;
    }

    /** The type of the payloads. Otherwise {@code application/octet-stream}. */
    public HttpRouteBuilder contentType(String value) {
        contentType = once("contentType", contentType, headerValue("contentType", value));
        return this;
    }

    /** The type of the events, {@code ce-type}. Otherwise {@code io.mqttparty.message}. */
    public HttpRouteBuilder eventType(String value) {
        eventType = once("eventType", eventType, headerValue("eventType", value));
        return this;
    }

    /** How long one try may take, from connecting to the last byte of the answer. Otherwise 10 seconds, or the deadline if that is shorter. */
    public HttpRouteBuilder timeout(Duration value) {
        timeout = once("timeout", timeout, positive("timeout", value));
        return this;
    }

    /**
     * How long a message may take with all its tries and waits. Then it is given up: at QoS 1 and 2 under {@link AckPolicy#ON_2XX} the connection is closed without an
     * acknowledgement, and the device sends again. What waits for earlier messages of its client begins anew with each that the backend answers. Otherwise 25 seconds.
     * Not with {@link AckPolicy#ON_OUTBOX}, where a message is tried a number of times.
     */
    public HttpRouteBuilder deadline(Duration value) {
        deadline = once("deadline", deadline, positive("deadline", value));
        return this;
    }

    /** How many requests of this route may be on their way at once. Otherwise as many as the backend may have. */
    public HttpRouteBuilder concurrency(int value) {
        concurrency = once("concurrency", concurrency, range("concurrency", value, 1, MOST_CONCURRENT));
        return this;
    }

    /**
     * Does not keep the order of a client's messages: so many of its requests may be on their way at once. Otherwise one, and a message that has to be sent again holds
     * back those behind it. Not with {@link AckPolicy#ON_OUTBOX}.
     */
    public HttpRouteBuilder unordered(int perClientRequests) {
        perClient = once("unordered", perClient, range("unordered", perClientRequests, 2, MOST_CONCURRENT));
        return this;
    }

    /** When a message is acknowledged. Otherwise {@link AckPolicy#ON_2XX}. */
    public HttpRouteBuilder acknowledge(AckPolicy value) {
        acknowledgement = once("acknowledge", acknowledgement, value);
        return this;
    }

    /**
     * The waits between the tries of a message: at most {@code first} after the first one, then twice as long each time up to {@code longest}, and each time
     * somewhat less by chance. Otherwise 100 milliseconds to 5 seconds. Not with {@link AckPolicy#ON_OUTBOX}, which has waits of its own.
     */
    public HttpRouteBuilder backoff(Duration first, Duration longest) {
        positive("backoff", first);
        positive("backoff", longest);
        if (longest.compareTo(first) < 0) {
            throw new IllegalArgumentException(
                    "backoff: " + first + " to " + longest + " (expected: the longest last)");
        }
        backoff = once("backoff", backoff, new Backoff(first.toNanos(), longest.toNanos()));
        return this;
    }

    /**
     * The longest wait that the backend may ask for with {@code Retry-After}; it counts as this if it is longer. Otherwise 10 seconds, and with {@link AckPolicy#ON_OUTBOX} 5 minutes,
     * which are the most there.
     */
    public HttpRouteBuilder longestRetryAfter(Duration value) {
        longestRetryAfter = once("longestRetryAfter", longestRetryAfter, positive("longestRetryAfter", value));
        return this;
    }

    /**
     * Where the body of an answer of 2xx is sent to, to the device that published: so a device asks and the backend answers. The variables are those of the URL;
     * their values are inserted as they are. The device need not be subscribed. Otherwise answers are not passed on.
     */
    public HttpRouteBuilder replyTopic(String template) {
        replyTopic = once("replyTopic", replyTopic, TopicTemplate.parse("replyTopic", template));
        return this;
    }

    /** The quality of service of the answers. Otherwise 1. */
    public HttpRouteBuilder replyQos(QoS value) {
        replyQos = once("replyQos", replyQos, value);
        return this;
    }

    /** How long an answer may wait for a device whose session outlives its connection; zero for as long as the session. Otherwise a minute. */
    public HttpRouteBuilder replyTtl(Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException("replyTtl: " + value + " (expected: zero or longer)");
        }
        replyTtl = once("replyTtl", replyTtl, value);
        return this;
    }

    /** The largest body of an answer in bytes; the connection to the backend is given up beyond it. Otherwise 64 KiB. */
    public HttpRouteBuilder replyBytes(int value) {
        replyBytes = once("replyBytes", replyBytes, range("replyBytes", value, 0, LARGEST_REPLY));
        return this;
    }

    /**
     * Where a message is published to, as JSON that says why, that the backend refuses for good, or that nobody will send again. The variables are those of the URL.
     * Otherwise nowhere.
     */
    public HttpRouteBuilder deadLetterTopic(String template) {
        deadLetterTopic = once("deadLetterTopic", deadLetterTopic, TopicTemplate.parse("deadLetterTopic", template));
        return this;
    }

    /**
     * The route.
     *
     * @throws IllegalStateException if a try may take longer than all together, or something is set that its acknowledgement has no use for
     */
    public HttpRoute build() {
        boolean outbox = acknowledgement == AckPolicy.ON_OUTBOX;
        if (outbox) {
            checkForOutbox();
        }
        Duration usual = Duration.ofSeconds(10);
        Duration total =
                outbox ? requireNonNullElse(timeout, usual) : requireNonNullElse(deadline, Duration.ofSeconds(25));
        Duration each = requireNonNullElse(timeout, total.compareTo(usual) < 0 ? total : usual);
        if (each.compareTo(total) > 0) {
            throw new IllegalStateException(
                    "timeout: " + each + " (expected: not longer than the deadline " + total + ")");
        }
        return new HttpRoute(new HttpRoute.Settings(
                requireNonNullElse(name, filter.value()),
                filter,
                url,
                requireNonNullElse(method, "POST"),
                requireNonNullElse(contentType, "application/octet-stream"),
                requireNonNullElse(eventType, "io.mqttparty.message"),
                List.copyOf(headers),
                each,
                total,
                requireNonNullElse(concurrency, 0),
                requireNonNullElse(perClient, 1),
                requireNonNullElse(acknowledgement, AckPolicy.ON_2XX),
                requireNonNullElse(backoff, new Backoff(100_000_000L, 5_000_000_000L)),
                requireNonNullElse(
                        longestRetryAfter, outbox ? DrainSettings.LONGEST_NOT_BEFORE : Duration.ofSeconds(10)),
                Optional.ofNullable(replyTopic),
                requireNonNullElse(replyQos, QoS.AT_LEAST_ONCE),
                requireNonNullElse(replyTtl, Duration.ofMinutes(1)),
                requireNonNullElse(replyBytes, 64 * 1024),
                Optional.ofNullable(deadLetterTopic)));
    }

    private void checkForOutbox() {
        refuseWithOutbox("deadline", deadline);
        refuseWithOutbox("backoff", backoff);
        refuseWithOutbox("unordered", perClient);
        if (longestRetryAfter != null && longestRetryAfter.compareTo(DrainSettings.LONGEST_NOT_BEFORE) > 0) {
            throw new IllegalStateException("longestRetryAfter: " + longestRetryAfter + " (expected: at most "
                    + DrainSettings.LONGEST_NOT_BEFORE + " with ON_OUTBOX)");
        }
    }

    private static void refuseWithOutbox(String name, @Nullable Object value) {
        if (value != null) {
            throw new IllegalStateException(name + ": set (expected: not with ON_OUTBOX, which has no use for it)");
        }
    }

    private static String headerValue(String name, String value) {
        try {
            HttpRequest.newBuilder().header("x", value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: the value of a header)", e);
        }
        return value;
    }
}
