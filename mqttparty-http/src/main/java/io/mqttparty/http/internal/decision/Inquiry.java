package io.mqttparty.http.internal.decision;

import io.mqttparty.http.internal.client.Answer;
import io.mqttparty.http.internal.client.CallException;
import io.mqttparty.http.internal.client.CallLimits;
import io.mqttparty.http.internal.client.Causes;
import io.mqttparty.http.internal.client.Endpoint;
import io.mqttparty.http.internal.client.Timers;
import io.mqttparty.http.spi.DecisionCounter;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Asks the backend questions. An answer of 2xx, 401 or 403 is a decision, and is kept as long as it says; everything else is none, and its stage fails. The same question is
 * asked once at a time: whoever has it meanwhile gets that answer. Any thread may ask.
 */
public final class Inquiry {
    /** The body of an answer means nothing, so a larger one is a mistake. */
    private static final int BODY_BYTES = 64 * 1024;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final Endpoint endpoint;
    private final Timers timers;
    private final Settings settings;
    private final QuestionKeys keys = new QuestionKeys();
    private final DecisionCounters counters = new DecisionCounters();

    /** Guards the two below. */
    private final Object lock = new Object();

    private final DecisionCache cache;
    private final Map<QuestionKey, CompletableFuture<Decision>> asked = new HashMap<>();

    /**
     * How to ask.
     *
     * @param uri where
     * @param headers of each request
     * @param timeoutNanos from the question to the decision, all included
     * @param attributePrefix of the headers of an answer that become attributes, in lower case
     * @param cacheEntries how many answers are kept; 0 for none
     * @param cacheSeconds how long one is kept at most
     */
    public record Settings(
            URI uri,
            List<Map.Entry<String, String>> headers,
            long timeoutNanos,
            String attributePrefix,
            int cacheEntries,
            long cacheSeconds) {
        /** Copies the headers. */
        public Settings {
            headers = List.copyOf(headers);
        }

        /** Neither headers nor query: they may hold secrets. */
        @Override
        public String toString() {
            return Inquiry.withoutQuery(uri);
        }
    }

    /** An address as it may be shown: its query may hold a secret. */
    public static String withoutQuery(URI uri) {
        return uri.getScheme() + "://" + uri.getRawAuthority() + uri.getRawPath();
    }

    /** Asks this endpoint. */
    public Inquiry(Endpoint endpoint, Timers timers, Settings settings) {
        this.endpoint = endpoint;
        this.timers = timers;
        this.settings = settings;
        this.cache = new DecisionCache(settings.cacheEntries());
    }

    /** The decision about a question. The stage completes on any thread; it must not be completed by the caller. */
    public CompletableFuture<Decision> ask(byte[] question) {
        counters.add(DecisionCounter.QUESTIONS);
        QuestionKey key = keys.of(question);
        CompletableFuture<Decision> decision;
        synchronized (lock) {
            Decision known = cache.get(key, timers.nanoTime());
            if (known != null) {
                counters.add(DecisionCounter.CACHED);
                return CompletableFuture.completedFuture(known);
            }
            CompletableFuture<Decision> open = asked.get(key);
            if (open != null) {
                counters.add(DecisionCounter.JOINED);
                return open;
            }
            decision = new CompletableFuture<>();
            asked.put(key, decision);
        }
        long deadline = timers.nanoTime() + settings.timeoutNanos();
        var unused = CompletableFuture.completedFuture(question) // so that what is thrown is a failure like others
                .thenCompose(body -> call(body, deadline))
                .thenApply(this::decide)
                .whenComplete((result, failure) -> finish(key, decision, result, failure));
        return decision;
    }

    /** A connection that was kept open may end the moment it is used; a question can be asked twice. */
    private CompletableFuture<Answer> call(byte[] question, long deadline) {
        return call(question, settings.timeoutNanos(), DecisionCounter.REQUESTS).exceptionallyCompose(failure -> {
            long left = deadline - timers.nanoTime();
            return isLostConnection(failure) && left > 0
                    ? call(question, left, DecisionCounter.REPEATED)
                    : CompletableFuture.failedFuture(failure);
        });
    }

    private static boolean isLostConnection(Throwable failure) {
        return unwrap(failure) instanceof CallException call
                && call.kind() == CallException.Kind.CONNECTION
                && call.status() == 0;
    }

    private CompletableFuture<Answer> call(byte[] question, long nanos, DecisionCounter counter) {
        counters.add(counter);
        return endpoint.call(() -> request(question), new CallLimits(nanos, nanos, BODY_BYTES));
    }

    private HttpRequest.Builder request(byte[] question) {
        HttpRequest.Builder request = HttpRequest.newBuilder(settings.uri())
                .setHeader("content-type", "application/json")
                .POST(BodyPublishers.ofByteArray(question));
        settings.headers().forEach(each -> request.setHeader(each.getKey(), each.getValue()));
        return request;
    }

    /** The decision, and how long it may be kept. */
    private record Decided(Decision decision, long keepSeconds) {}

    private Decided decide(Answer answer) {
        Verdict verdict = verdict(answer);
        Map<String, String> attributes =
                verdict == Verdict.YES ? Attributes.of(answer.headers(), settings.attributePrefix()) : Map.of();
        long seconds = Math.min(Freshness.seconds(answer.headers()), settings.cacheSeconds());
        return new Decided(new Decision(verdict, attributes), seconds);
    }

    private Verdict verdict(Answer answer) {
        if (answer.isSuccess()) {
            return Verdict.YES;
        }
        return switch (answer.status()) {
            case 401 -> Verdict.UNAUTHORIZED;
            case 403 -> Verdict.FORBIDDEN;
            default -> throw new DecisionException("status: " + answer.status() + " (expected: 2xx, 401 or 403)");
        };
    }

    private void finish(
            QuestionKey key,
            CompletableFuture<Decision> decision,
            @Nullable Decided result,
            @Nullable Throwable failure) {
        synchronized (lock) {
            asked.remove(key);
            if (result != null && result.keepSeconds() > 0) {
                long until = timers.nanoTime() + result.keepSeconds() * NANOS_PER_SECOND;
                if (cache.put(key, result.decision(), until)) {
                    counters.add(DecisionCounter.EVICTED);
                }
            }
        }
        if (result != null) {
            counters.add(result.decision().verdict() == Verdict.YES ? DecisionCounter.YES : DecisionCounter.NO);
            decision.complete(result.decision());
        } else {
            counters.add(DecisionCounter.UNDECIDED);
            decision.completeExceptionally(unwrap(failure));
        }
    }

    private static Throwable unwrap(@Nullable Throwable failure) {
        return failure == null ? new DecisionException("no answer") : Causes.of(failure);
    }

    /** How often this has happened. */
    public long count(DecisionCounter counter) {
        return counters.get(counter);
    }

    /** How many answers are kept. */
    public int kept() {
        synchronized (lock) {
            return cache.size();
        }
    }
}
