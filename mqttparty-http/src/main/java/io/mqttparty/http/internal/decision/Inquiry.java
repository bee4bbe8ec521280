package io.mqttparty.http.internal.decision;

import io.mqttparty.http.internal.client.Causes;
import io.mqttparty.http.internal.client.Endpoint;
import io.mqttparty.http.internal.client.Timers;
import io.mqttparty.http.spi.DecisionCounter;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks the backend questions. An answer of 2xx, 401 or 403 is a decision, and is kept as long as it says; everything else is none, and its stage fails. The same question is
 * asked once at a time: whoever has it meanwhile gets that answer. Any thread may ask.
 */
public final class Inquiry {
    private final Backend backend;
    private final Timers timers;
    private final SecretQuestionKeys keys = new SecretQuestionKeys();
    private final DecisionCounters counters = new DecisionCounters();
    private final DecisionCache cache;

    /** Guards changes of the cache, and what is asked now. An answer that is kept is found without it. */
    private final Object lock = new Object();

    private final Map<QuestionKey, CompletableFuture<Decision>> asked = new HashMap<>();
    private boolean closed;

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
        this.backend = new Backend(endpoint, timers, settings, counters);
        this.timers = timers;
        this.cache = new DecisionCache(settings.cacheEntries());
    }

    /** The decision about a question that may hold a secret. The stage completes on any thread; it must not be completed by the caller. */
    public CompletableFuture<Decision> ask(byte[] question) {
        return decision(keys.of(question), () -> question);
    }

    /** The decision about a question without secrets. The stage completes on any thread; it must not be completed by the caller. */
    public CompletableFuture<Decision> ask(AccessQuestion question) {
        return decision(question, question::body);
    }

    private CompletableFuture<Decision> decision(QuestionKey key, Supplier<byte[]> body) {
        long now = timers.nanoTime();
        Decision known = cache.get(key, now);
        return known == null ? inquire(key, body, now) : cached(known);
    }

    private CompletableFuture<Decision> cached(Decision known) {
        counters.add(DecisionCounter.CACHED);
        return CompletableFuture.completedFuture(known);
    }

    private CompletableFuture<Decision> inquire(QuestionKey key, Supplier<byte[]> body, long now) {
        CompletableFuture<Decision> decision = new CompletableFuture<>();
        synchronized (lock) {
            Decision known = cache.take(key, now); // it may have come meanwhile
            if (known != null) {
                return cached(known);
            }
            CompletableFuture<Decision> open = asked.putIfAbsent(key, decision);
            if (open != null) {
                counters.add(DecisionCounter.JOINED);
                return open;
            }
        }
        var unused = CompletableFuture.completedFuture(body) // so that what is thrown is a failure like others
                .thenCompose(each -> backend.decide(each.get()))
                .whenComplete((result, failure) -> finish(key, decision, result, failure));
        return decision;
    }

    private void finish(
            QuestionKey key,
            CompletableFuture<Decision> decision,
            Backend.@Nullable Decided result,
            @Nullable Throwable failure) {
        synchronized (lock) {
            asked.remove(key);
            if (result != null && !closed) {
                int removed = cache.put(key, result.decision(), result.untilNanos(), timers.nanoTime());
                counters.add(DecisionCounter.EVICTED, removed);
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

    /** Keeps no answers any more. */
    public void close() {
        synchronized (lock) {
            closed = true;
            cache.clear();
        }
    }

    /** How often this has happened. */
    public long count(DecisionCounter counter) {
        return counters.get(counter);
    }

    /** How many answers are kept. */
    public int kept() {
        return cache.size();
    }
}
