package io.mqttparty.http.internal.uplink;

import io.mqttparty.http.internal.client.GivenUp;
import io.mqttparty.model.QoS;
import io.mqttparty.spi.Upstream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A message is acknowledged when the backend has answered. */
public final class AnsweredUpstream implements Upstream {
    private final Destination destination;
    private final Settlement settlement;
    private final InstantSource clock;

    /** The upstream of one route. */
    public AnsweredUpstream(Destination destination, Settlement settlement, InstantSource clock) {
        this.destination = destination;
        this.settlement = settlement;
        this.clock = clock;
    }

    /** None: each delivery ends by its deadline, which does not count what came before it. */
    @Override
    public Optional<Duration> timeLimit() {
        return Optional.empty();
    }

    @Override
    public CompletionStage<Void> onPublish(Request request) {
        boolean resent = request.message().qos() != QoS.AT_MOST_ONCE;
        Event event = event(request, clock, resent ? request.client() : GivenUp.NOBODY);
        return destination
                .deliver(event)
                .thenCompose(outcome ->
                        settlement.settle(event, outcome).thenCompose(safe -> finish(event, outcome, safe, resent)));
    }

    private CompletionStage<Void> finish(Event event, Outcome outcome, boolean safe, boolean resent) {
        if (safe) {
            return CompletableFuture.completedFuture(null);
        }
        return resent
                ? CompletableFuture.failedFuture(new NotDeliveredException(outcome.reason()))
                : settlement.lose(event, outcome).thenApply(done -> null);
    }

    static Event event(Request request, InstantSource clock, Object sender) {
        return new Event(
                Event.idOf(request.messageId()),
                request.client().clientId(),
                request.message().topic(),
                request.message().payload(),
                clock.millis(),
                sender);
    }
}
