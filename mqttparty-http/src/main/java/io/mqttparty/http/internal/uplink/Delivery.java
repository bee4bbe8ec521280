package io.mqttparty.http.internal.uplink;

import static java.util.Objects.requireNonNull;

import io.mqttparty.http.internal.client.Answer;
import io.mqttparty.http.internal.client.CallException;
import io.mqttparty.http.internal.client.CallLimits;
import io.mqttparty.http.internal.client.Causes;
import io.mqttparty.http.internal.client.Timers;
import io.mqttparty.http.spi.HttpCounter;
import io.mqttparty.model.Payload;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One event on its way: one try after the other until the backend has answered for good or the time is over. Its methods are called one after the other, on any thread.
 *
 * <pre>
 * the try ended with                     then
 * 2xx, whatever becomes of the body      delivered
 * 408, 425, 429, 5xx                     again after a wait, which the backend may prolong
 * any other status                       refused for good
 * no status: time-out, no connection     again after a wait
 * not sent: too much to do               again after a wait; it is no try
 * not sent: it is to be left alone       again after that; it is no try
 * </pre>
 */
final class Delivery {
    private final Destination destination;
    private final Event event;
    private long began;
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private @Nullable Lane lane;
    private @Nullable URI url;
    private int turns;
    private int tries;
    private boolean sent;
    private int status;
    private String problem = "not sent in time";
    private long wantedNanos;
    private boolean unsent = true;
    private Timers.@Nullable Scheduled timer;

    /** A delivery with at most so many turns, each of which may be a try. */
    Delivery(Destination destination, Event event, int turns) {
        this.turns = turns;
        this.destination = destination;
        this.event = event;
        this.began = now();
    }

    Event event() {
        return event;
    }

    CompletableFuture<Outcome> outcome() {
        return outcome;
    }

    void lane(Lane newLane) {
        lane = newLane;
    }

    long now() {
        return destination.surroundings().timers().nanoTime();
    }

    /** Its time begins no earlier than this. */
    void beganAt(long nanoTime) {
        if (nanoTime - began > 0) {
            began = nanoTime;
        }
    }

    /** Its turn has come. */
    void start() {
        Optional<URI> expanded = destination.settings().url().expand(event.client(), event.topic());
        if (expanded.isEmpty()) {
            end(Outcome.refused(0, "it has no URL", 0));
            return;
        }
        url = expanded.get();
        attempt();
    }

    private void attempt() {
        long left = nanosLeft();
        long held = nanosHeld();
        Gate gate = destination.gate();
        if (left <= 0) {
            giveUp();
        } else if (held > 0) {
            hold(held);
        } else if (gate == null || gate.enter(this)) {
            call(left);
        }
    }

    private long nanosLeft() {
        return destination.settings().totalNanos() - (now() - began);
    }

    private long nanosHeld() {
        return destination.notBefore().nanosLeft(event.client());
    }

    /** The backend wants to be left alone, which it has said to another try, maybe of another message. */
    private void hold(long nanos) {
        destination.surroundings().observer().count(HttpCounter.HELD_BACK);
        if (tries == 0) {
            problem = "not sent: the backend asked for time";
        }
        if (turns == 1) {
            wantedNanos = nanos;
            giveUp();
        } else {
            rest(Math.max(1, Math.min(nanos, nanosLeft())));
        }
    }

    /** It waits in the gate; not longer than it has time. */
    void onWait() {
        timer = destination.surroundings().timers().schedule(Math.max(0, nanosLeft()), this::waitedTooLong);
    }

    private void waitedTooLong() {
        Gate gate = destination.gate();
        if (gate != null && gate.abandon(this)) {
            giveUp();
        }
    }

    /** The gate lets it in. */
    void onLetIn() {
        if (timer != null) {
            timer.cancel();
        }
        long left = nanosLeft();
        if (left > 0) {
            call(left);
        } else {
            leaveGate();
            giveUp();
        }
    }

    private void leaveGate() {
        Gate gate = destination.gate();
        if (gate != null) {
            gate.left();
        }
    }

    private void call(long left) {
        Destination.Settings settings = destination.settings();
        CallLimits limits = new CallLimits(Math.min(settings.timeoutNanos(), left), left, settings.bodyBytes());
        var unused = destination.endpoint().call(this::request, limits).whenComplete(this::onEnd);
    }

    private HttpRequest request(HttpClient.Version version) {
        if (nanosHeld() > 0) { // since a moment ago
            throw CallException.notNow();
        }
        Observer observer = destination.surroundings().observer();
        if (sent) {
            observer.count(HttpCounter.STREAMS_REFUSED);
        } else {
            sent = true;
            observer.count(HttpCounter.REQUESTS);
            if (++tries > 1) {
                observer.count(HttpCounter.RETRIES);
            }
        }
        return destination.settings().requests().request(version, requireNonNull(url, "url"), event);
    }

    /** Others are let in when it is known whether the backend wants to be left alone. */
    private void onEnd(@Nullable Answer answer, @Nullable Throwable failure) {
        try {
            onResult(answer, failure);
        } finally {
            leaveGate();
        }
    }

    private void onResult(@Nullable Answer answer, @Nullable Throwable failure) {
        Throwable cause = failure == null ? null : Causes.of(failure);
        if (cause instanceof CallException call && call.kind() == CallException.Kind.NOT_NOW) {
            attempt();
            return;
        }
        sent = false;
        unsent = false;
        if (answer != null) {
            onStatus(answer.status(), answer.headers(), answer.body(), "");
            return;
        }
        if (!(cause instanceof CallException call)) {
            again(String.valueOf(cause), 0);
        } else if (call.status() != 0) {
            onStatus(call.status(), call.headers(), Payload.EMPTY, String.valueOf(call.getMessage()));
        } else {
            onNoStatus(call);
        }
    }

    private void onStatus(int newStatus, HttpHeaders headers, Payload body, String bodyProblem) {
        status = newStatus;
        if (newStatus >= 200 && newStatus < 300) {
            end(Outcome.delivered(newStatus, body, bodyProblem, tries));
        } else if (newStatus == 408 || newStatus == 425 || newStatus == 429 || newStatus >= 500) {
            destination.surroundings().observer().count(HttpCounter.ERROR_ANSWERS);
            again("status " + newStatus, wanted(newStatus, headers));
        } else {
            end(Outcome.refused(newStatus, "status " + newStatus, tries));
        }
    }

    private long wanted(int newStatus, HttpHeaders headers) {
        Surroundings surroundings = destination.surroundings();
        long nanos = RetryAfter.nanos(
                headers, surroundings.clock().instant(), destination.settings().retryAfterNanos());
        if (nanos > 0 && !destination.notBefore().ask(event.client(), newStatus, nanos)) {
            surroundings.observer().count(HttpCounter.HOLDS_FORGOTTEN);
        }
        return nanos;
    }

    private void onNoStatus(CallException call) {
        Observer observer = destination.surroundings().observer();
        unsent = call.isUnsent();
        switch (call.kind()) {
            case CLOSED -> end(Outcome.failed(status, "closed", tries));
            case BUSY, NOT_NOW -> again(problem, 0);
            case TIMEOUT -> {
                observer.count(HttpCounter.TIMEOUTS);
                again("no answer in time", 0);
            }
            case CONNECTION, TOO_LARGE -> {
                observer.count(HttpCounter.CONNECTION_FAILURES);
                again(String.valueOf(call.getMessage()), 0);
            }
        }
    }

    /** Another try, if there is time for one. */
    private void again(String newProblem, long newWantedNanos) {
        problem = newProblem;
        wantedNanos = newWantedNanos;
        Surroundings surroundings = destination.surroundings();
        long wait = destination.settings().backoff().nanos(Math.max(1, tries), surroundings.random());
        long delay = Math.max(wait, wantedNanos);
        if (--turns == 0 || delay >= nanosLeft()) {
            giveUp();
        } else {
            rest(delay);
        }
    }

    private void rest(long nanos) {
        destination.rest(this);
        destination.surroundings().timers().schedule(nanos, this::wake);
    }

    private void wake() {
        if (destination.wake(this)) {
            attempt();
        }
    }

    /** It has no next try. */
    void close() {
        if (destination.wake(this)) {
            end(Outcome.failed(status, "closed", tries));
        }
    }

    private void giveUp() {
        end(Outcome.failed(status, problem, tries, wantedNanos, unsent));
    }

    private void end(Outcome newOutcome) {
        if (lane == null) {
            complete(newOutcome);
        } else {
            lane.ended(this, newOutcome);
        }
    }

    /** It is over, and then its place in the backlog is free. */
    void complete(Outcome newOutcome) {
        outcome.complete(newOutcome);
        destination.surroundings().backlog().leave();
    }
}
