package io.mqttparty.http.internal.decision;

import io.mqttparty.http.internal.client.Answer;
import io.mqttparty.http.internal.client.CallException;
import io.mqttparty.http.internal.client.CallLimits;
import io.mqttparty.http.internal.client.Causes;
import io.mqttparty.http.internal.client.Endpoint;
import io.mqttparty.http.internal.client.Timers;
import io.mqttparty.http.spi.DecisionCounter;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** Sends one question, and says what the answer means: 2xx, 401 and 403 are decisions, everything else is none. Any thread may use it. */
final class Backend {
    /** The body of an answer means nothing, so a larger one is a mistake. */
    private static final int BODY_BYTES = 64 * 1024;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final Endpoint endpoint;
    private final Timers timers;
    private final Inquiry.Settings settings;
    private final DecisionCounters counters;

    Backend(Endpoint endpoint, Timers timers, Inquiry.Settings settings, DecisionCounters counters) {
        this.endpoint = endpoint;
        this.timers = timers;
        this.settings = settings;
        this.counters = counters;
    }

    /**
     * What was decided.
     *
     * @param decision the decision
     * @param untilNanos until when it holds; over already if it may not be kept
     */
    record Decided(Decision decision, long untilNanos) {}

    /** Asks. The stage fails if nothing is decided in time. */
    CompletableFuture<Decided> decide(byte[] question) {
        long deadline = timers.nanoTime() + settings.timeoutNanos();
        // A connection that was kept open may end the moment it is used; a question can be asked twice.
        return call(question, settings.timeoutNanos(), DecisionCounter.REQUESTS).exceptionallyCompose(failure -> {
            long left = deadline - timers.nanoTime();
            return isLostConnection(failure) && left > 0
                    ? call(question, left, DecisionCounter.REPEATED)
                    : CompletableFuture.failedFuture(failure);
        });
    }

    private static boolean isLostConnection(Throwable failure) {
        return Causes.of(failure) instanceof CallException call
                && call.kind() == CallException.Kind.CONNECTION
                && call.status() == 0;
    }

    private CompletableFuture<Decided> call(byte[] question, long nanos, DecisionCounter counter) {
        counters.add(counter);
        AtomicLong sent = new AtomicLong();
        return endpoint.call(
                        version -> {
                            sent.set(timers.nanoTime());
                            return request(question).version(version).build();
                        },
                        new CallLimits(nanos, nanos, BODY_BYTES))
                .thenApply(answer -> decided(answer, sent.get()));
    }

    private HttpRequest.Builder request(byte[] question) {
        HttpRequest.Builder request = HttpRequest.newBuilder(settings.uri())
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofByteArray(question));
        settings.headers().forEach(each -> request.header(each.getKey(), each.getValue()));
        return request;
    }

    /** The time that it was on its way counts as its age (RFC 9111, section 4.2.3). */
    private Decided decided(Answer answer, long sentNanos) {
        Verdict verdict = verdict(answer);
        Map<String, String> attributes =
                verdict == Verdict.YES ? Attributes.of(answer.headers(), settings.attributePrefix()) : Map.of();
        long seconds = Math.min(Freshness.seconds(answer.headers()), settings.cacheSeconds());
        return new Decided(new Decision(verdict, attributes), sentNanos + seconds * NANOS_PER_SECOND);
    }

    private static Verdict verdict(Answer answer) {
        if (answer.isSuccess()) {
            return Verdict.YES;
        }
        return switch (answer.status()) {
            case 401 -> Verdict.UNAUTHORIZED;
            case 403 -> Verdict.FORBIDDEN;
            default -> throw new DecisionException("status: " + answer.status() + " (expected: 2xx, 401 or 403)");
        };
    }
}
