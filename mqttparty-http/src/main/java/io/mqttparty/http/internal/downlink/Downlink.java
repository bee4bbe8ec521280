package io.mqttparty.http.internal.downlink;

import io.mqttparty.MqttParty;
import io.mqttparty.http.spi.DownlinkCounter;
import io.mqttparty.http.spi.DownlinkRequest;
import io.mqttparty.http.spi.DownlinkResponse;
import io.mqttparty.model.Payload;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The downlink without a server: first a request is admitted by its head, then it is run with its body. In this order: who asks, what for, is there
 * room. Any thread may call it.
 */
public final class Downlink {
    private static final Logger LOG = System.getLogger("io.mqttparty.http.downlink");

    private final DownlinkSettings settings;
    private final AtomicLongArray counts = new AtomicLongArray(DownlinkCounter.values().length);
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong logged = new AtomicLong();
    private final AtomicReference<@Nullable Router> router = new AtomicReference<>();
    private volatile boolean stopping;

    /** Serves nothing yet. */
    public Downlink(DownlinkSettings settings) {
        this.settings = settings;
    }

    /**
     * Serves this broker.
     *
     * @throws IllegalStateException if it serves one already
     */
    public void start(MqttParty broker) {
        if (!router.compareAndSet(null, new Router(broker, settings))) {
            throw new IllegalStateException("downlink: started twice (expected: once, it is for one broker)");
        }
    }

    /** Serves no more. */
    public void stop() {
        stopping = true;
    }

    // ---- the head ----

    /** Admits a request or refuses it. The future never fails. */
    public CompletableFuture<Admission> admit(DownlinkRequest head) {
        Router routes = router.get();
        if (routes == null) {
            return done(refused(Problem.UNAVAILABLE.response("the broker has not started")));
        }
        if (routes.isOpen(head.path())) {
            return done(admitted(routes, head));
        }
        return authenticate(head).handle((allowed, failure) -> {
            if (failure != null) {
                count(DownlinkCounter.AUTHENTICATOR_FAILURES);
                log(Level.WARNING, "downlink: the authenticator failed", Failures.unwrap(failure));
                return refused(Problem.UNAVAILABLE.response("who asks cannot be found out"));
            }
            return allowed ? admitted(routes, head) : unauthorized();
        });
    }

    private static CompletableFuture<Admission> done(Admission admission) {
        return CompletableFuture.completedFuture(admission);
    }

    private CompletableFuture<Boolean> authenticate(DownlinkRequest head) {
        try {
            CompletableFuture<Boolean> decision =
                    settings.authenticator().authenticate(head).toCompletableFuture();
            return decision.isDone()
                    ? decision.thenApply(Boolean.TRUE::equals)
                    : decision.copy()
                            .orTimeout(settings.authenticatorTimeout().toMillis(), TimeUnit.MILLISECONDS)
                            .thenApply(Boolean.TRUE::equals);
        } catch (RuntimeException | Error e) { // whatever it is, it must not become a yes
            return CompletableFuture.failedFuture(e);
        }
    }

    private Admission unauthorized() {
        count(DownlinkCounter.UNAUTHORIZED);
        return refused(Problem.UNAUTHORIZED.response("no valid credentials (expected: Authorization: Bearer TOKEN)"));
    }

    private Admission admitted(Router routes, DownlinkRequest head) {
        try {
            Map<String, Route> methods = routes.methods(head.path());
            Route route = methods.get(head.method().equals("HEAD") ? "GET" : head.method());
            if (route == null) {
                return refused(Problem.METHOD_NOT_ALLOWED
                        .response("this path has other methods")
                        .withHeader("allow", Router.allow(methods)));
            }
            if (stopping && !route.isOpen()) {
                return refused(Problem.UNAVAILABLE.response("the broker is closing"));
            }
            return admitted(route, route.call().of(head.query()));
        } catch (ProblemException e) {
            return refused(e.response());
        } catch (RuntimeException e) {
            return refused(failed(e));
        }
    }

    private Admission admitted(Route route, Call call) {
        boolean counted = !route.isOpen(); // health is told however busy it is
        if (counted && open.incrementAndGet() > settings.openRequests()) {
            open.decrementAndGet();
            count(DownlinkCounter.REQUESTS_REFUSED);
            return refused(Problem.TOO_MANY_REQUESTS.response("too many requests are open"));
        }
        int bodyBytes = route.takesBody() ? settings.bodyBytes() : 0;
        return new Admission(Optional.empty(), new Exchange(this, call, bodyBytes, counted));
    }

    private Admission refused(DownlinkResponse response) {
        Call nothing = body -> CompletableFuture.completedFuture(response);
        return new Admission(Optional.of(answered(response)), new Exchange(this, nothing, 0, false));
    }

    // ---- all at once ----

    /** Answers a request whose body is there. Who cancels the future waits no more; it never fails otherwise. */
    public CompletableFuture<DownlinkResponse> handle(DownlinkRequest request) {
        CompletableFuture<DownlinkResponse> answer = new CompletableFuture<>();
        DownlinkRequest head = new DownlinkRequest(
                request.method(), request.path(), request.query(), request.headers(), Payload.EMPTY);
        var unused = admit(head).thenAccept(admission -> run(admission, request.body(), answer));
        return answer;
    }

    private static void run(Admission admission, Payload body, CompletableFuture<DownlinkResponse> answer) {
        Exchange exchange = admission.exchange();
        if (admission.refusal().isPresent()) {
            answer.complete(admission.refusal().get());
        } else if (answer.isDone()) {
            exchange.drop();
        } else if (body.size() > exchange.bodyBytes()) {
            exchange.drop();
            answer.complete(exchange.tooLarge());
        } else {
            CompletableFuture<DownlinkResponse> running = exchange.run(body);
            Futures.cancels(answer, running);
            var unused = running.thenAccept(answer::complete);
        }
    }

    // ---- answers ----

    DownlinkResponse tooLarge(int bodyBytes) {
        count(DownlinkCounter.BODIES_TOO_LARGE);
        return Problem.BODY_TOO_LARGE.response("the body is too large (expected: at most " + bodyBytes + " bytes)");
    }

    DownlinkResponse failed(Throwable failure) {
        Throwable cause = Failures.unwrap(failure);
        return Failures.response(cause).orElseGet(() -> {
            if (!(cause instanceof CancellationException)) {
                count(DownlinkCounter.INTERNAL_ERRORS);
                log(Level.ERROR, "downlink: a request failed", cause);
            }
            return Problem.INTERNAL_ERROR.response("an error of the bridge, which its log tells more of");
        });
    }

    DownlinkResponse answered(DownlinkResponse response) {
        count(DownlinkCounter.REQUESTS);
        return response;
    }

    void ended() {
        open.decrementAndGet();
    }

    /** How many requests are open. */
    public int open() {
        return open.get();
    }

    /** One line a second: callers can cause as many failures as they like. */
    private void log(Level level, String what, Throwable cause) {
        long now = System.nanoTime();
        long last = logged.get();
        if ((last == 0 || now - last > TimeUnit.SECONDS.toNanos(1)) && logged.compareAndSet(last, now)) {
            LOG.log(level, what, cause);
        }
    }

    // ---- what is counted ----

    /** One more. */
    public void count(DownlinkCounter counter) {
        counts.incrementAndGet(counter.ordinal());
    }

    /** How often it has happened. */
    public long counted(DownlinkCounter counter) {
        return counts.get(counter.ordinal());
    }
}
