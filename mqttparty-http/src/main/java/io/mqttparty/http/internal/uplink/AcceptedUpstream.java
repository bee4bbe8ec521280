package io.mqttparty.http.internal.uplink;

import io.mqttparty.http.internal.client.GivenUp;
import io.mqttparty.spi.Upstream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A message is acknowledged at once, as long as less than half of the backlog is used, and not too many bytes; beyond it when the backend has answered, so that the devices are held back rather
 * than more and more is at risk.
 */
public final class AcceptedUpstream implements Upstream {
    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

    private final Destination destination;
    private final Settlement settlement;
    private final Surroundings surroundings;
    private final AnsweredUpstream answered;

    /** The upstream of one route. */
    public AcceptedUpstream(Destination destination, Settlement settlement, Surroundings surroundings) {
        this.destination = destination;
        this.settlement = settlement;
        this.surroundings = surroundings;
        this.answered = new AnsweredUpstream(destination, settlement, surroundings.clock());
    }

    /** None: each delivery ends by its deadline, which does not count what came before it. */
    @Override
    public Optional<Duration> timeLimit() {
        return Optional.empty();
    }

    @Override
    public CompletionStage<Void> onPublish(Request request) {
        Backlog backlog = surroundings.backlog();
        int bytes =
                request.message().payload().size() + request.message().topic().utf8Length();
        if (!destination.hasRoom(request.client().clientId()) || !backlog.accept(bytes)) {
            return answered.onPublish(request);
        }
        Event event = AnsweredUpstream.event(request, surroundings.clock(), GivenUp.NOBODY);
        var unused = destination.deliver(event).thenAccept(outcome -> {
            backlog.settled(bytes);
            settle(event, outcome);
        });
        return DONE;
    }

    private void settle(Event event, Outcome outcome) {
        var unused = settlement
                .settle(event, outcome)
                .thenCompose(safe ->
                        safe ? CompletableFuture.<Boolean>completedStage(true) : settlement.lose(event, outcome));
    }
}
