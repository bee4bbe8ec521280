package io.mqttparty.http.internal.uplink;

import io.mqttparty.http.spi.HttpCounter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What follows on the outcome of an event: it is counted and told, an answer goes to the device, a dead letter is published. */
public final class Settlement {
    private static final CompletableFuture<Boolean> SAFE = CompletableFuture.completedFuture(true);
    private static final CompletableFuture<Boolean> NOT_SAFE = CompletableFuture.completedFuture(false);

    private final Replies replies;
    private final DeadLetters deadLetters;
    private final Observer observer;

    /** The settlement of one route. */
    public Settlement(Replies replies, DeadLetters deadLetters, Observer observer) {
        this.replies = replies;
        this.deadLetters = deadLetters;
        this.observer = observer;
    }

    /**
     * Settles an outcome. Completes with whether nothing is left to do for the event: the backend has it, or will never take it, which is published if it is to
     * be.
     */
    public CompletionStage<Boolean> settle(Event event, Outcome outcome) {
        return switch (outcome.kind()) {
            case DELIVERED -> {
                observer.count(HttpCounter.DELIVERED);
                replies.reply(event, outcome);
                yield SAFE;
            }
            case REFUSED -> {
                observer.refused(event, outcome);
                yield deadLetters.publish(event, outcome);
            }
            case FAILED -> {
                observer.givenUp(event, outcome);
                yield NOT_SAFE;
            }
        };
    }

    /** An event that was tried often enough. Completes when its dead letter is published, if it is to be. */
    CompletionStage<Boolean> bury(Event event, Outcome outcome) {
        observer.givenUp(event, outcome);
        return deadLetters.publish(event, outcome);
    }

    /** An event that was not safe, and that nobody sends again. Completes when all is done that can be. */
    public CompletionStage<Boolean> lose(Event event, Outcome outcome) {
        observer.lost(event, outcome);
        return deadLetters.publish(event, outcome);
    }
}
