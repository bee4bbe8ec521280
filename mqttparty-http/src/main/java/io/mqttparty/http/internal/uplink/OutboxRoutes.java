package io.mqttparty.http.internal.uplink;

import io.mqttparty.http.internal.outbox.Attempt;
import io.mqttparty.http.internal.outbox.Deliverer;
import io.mqttparty.http.internal.outbox.DrainListener;
import io.mqttparty.http.spi.HttpCounter;
import io.mqttparty.spi.Outbox.Entry;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Delivers what waits in the outbox to the routes that it waits for, and settles what becomes of it. */
final class OutboxRoutes implements Deliverer, DrainListener {
    private static final Duration PATIENCE_WITHOUT_ROUTE = Duration.ofHours(1);

    private final Surroundings surroundings;
    private final Map<String, Target> targets = new LinkedHashMap<>();

    private record Target(Destination destination, Settlement settlement) {}

    OutboxRoutes(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    void add(String name, Destination destination, Settlement settlement) {
        if (targets.put(name, new Target(destination, settlement)) != null) {
            throw new IllegalArgumentException(
                    "name: " + name + " twice (expected: another one for each route with an outbox)");
        }
    }

    boolean isEmpty() {
        return targets.isEmpty();
    }

    @Override
    public CompletionStage<Attempt> attempt(Entry entry, int attempts) {
        Target target = targets.get(entry.route());
        if (target == null) {
            return CompletableFuture.completedFuture(withoutRoute(entry));
        }
        Event event = event(entry);
        return target.destination().attempt(event).thenCompose(outcome -> attempt(target, event, outcome));
    }

    /** Another node may have the route, one of a newer version, and this one soon. After an hour the tries count, and the message becomes a dead letter. */
    private Attempt withoutRoute(Entry entry) {
        long waitedMillis = surroundings.clock().millis() - entry.receivedMillis();
        return waitedMillis < PATIENCE_WITHOUT_ROUTE.toMillis()
                ? new Attempt.NotTried(Duration.ZERO)
                : new Attempt.Failed("no route " + entry.route() + " on this node", Duration.ZERO);
    }

    private static Event event(Entry entry) {
        return new Event(
                Event.idOf(entry.id()),
                entry.client(),
                entry.message().topic(),
                entry.message().payload(),
                entry.receivedMillis(),
                new Object());
    }

    private static CompletionStage<Attempt> attempt(Target target, Event event, Outcome outcome) {
        return switch (outcome.kind()) {
            case DELIVERED -> target.settlement().settle(event, outcome).thenApply(safe -> new Attempt.Delivered());
            case REFUSED ->
                target.settlement().settle(event, outcome).thenApply(safe -> new Attempt.Refused(outcome.reason()));
            case FAILED ->
                CompletableFuture.completedFuture(
                        outcome.unsent()
                                ? new Attempt.NotTried(Duration.ofNanos(outcome.retryAfterNanos()))
                                : new Attempt.Failed(outcome.reason(), Duration.ofNanos(outcome.retryAfterNanos())));
        };
    }

    // ---- what the drainer says ----

    @Override
    public void delivered(Entry entry) {}

    @Override
    public void failed(Entry entry, int attempts, String reason) {
        surroundings.observer().count(HttpCounter.OUTBOX_RETRIES);
    }

    @Override
    public void givenUp(Entry entry, int attempts, String reason) {
        Event event = event(entry);
        Outcome outcome = Outcome.failed(0, reason, attempts);
        Target target = targets.get(entry.route());
        if (target != null) {
            var unused = target.settlement().bury(event, outcome);
        }
        surroundings.observer().deadLetter(event, outcome);
    }

    @Override
    public void refused(Entry entry, int attempts, String reason) {
        surroundings.observer().deadLetter(event(entry), Outcome.refused(0, reason, attempts));
    }

    @Override
    public void unreadable(int shard, int entries) {
        for (int i = 0; i < entries; i++) {
            surroundings.observer().count(HttpCounter.OUTBOX_UNREADABLE);
        }
    }

    @Override
    public void outboxFailed(int shard, String what, Throwable cause) {
        surroundings.observer().outboxFailed(what, cause);
    }

    @Override
    public void leaseChanged(int shard, boolean held) {}
}
