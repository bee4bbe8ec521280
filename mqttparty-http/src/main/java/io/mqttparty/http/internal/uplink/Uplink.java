package io.mqttparty.http.internal.uplink;

import io.mqttparty.MqttParty;
import io.mqttparty.http.internal.client.Caller;
import io.mqttparty.http.internal.client.Timers;
import io.mqttparty.http.spi.HttpCounter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The life of all routes together. */
public final class Uplink {
    /** How long it waits for what is on its way when it ends; the broker waits 5 seconds for it. */
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(4);

    private final Caller caller;
    private final Surroundings surroundings;
    private final List<Destination> destinations;
    private final OutboxUplink outbox;
    private final Running running;
    private final Runnable onClosed;

    /**
     * An uplink.
     *
     * @param onClosed closes what was made for it
     */
    public Uplink(
            Caller caller,
            Surroundings surroundings,
            List<Destination> destinations,
            OutboxUplink outbox,
            Running running,
            Runnable onClosed) {
        this.caller = caller;
        this.surroundings = surroundings;
        this.destinations = List.copyOf(destinations);
        this.outbox = outbox;
        this.running = running;
        this.onClosed = onClosed;
    }

    /** How often this has happened. */
    public long count(HttpCounter counter) {
        return surroundings.observer().counters().count(counter);
    }

    /** What happened to a client is lost, since too much happened before the broker ran. */
    public void onEventLost() {
        surroundings.observer().count(HttpCounter.LOST);
    }

    /** Events that wait or are on their way. */
    public int backlog() {
        return surroundings.backlog().size();
    }

    /** The broker runs. */
    public CompletionStage<Void> start(MqttParty broker) {
        running.started(broker);
        outbox.start(broker);
        return CompletableFuture.completedStage(null);
    }

    /** Takes nothing new, waits a while for what is on its way, and closes. */
    public CompletionStage<Void> stop() {
        CompletableFuture<Void> given = outbox.stop(DRAIN_LIMIT).toCompletableFuture();
        CompletableFuture<Void> drained =
                CompletableFuture.allOf(surroundings.backlog().close(), given);
        Timers.Scheduled limit = surroundings.timers().schedule(DRAIN_LIMIT.toNanos(), () -> drained.complete(null));
        return drained.thenRun(() -> {
            limit.cancel();
            close();
        });
    }

    private void close() {
        running.stopped();
        caller.close();
        destinations.forEach(Destination::close);
        onClosed.run();
    }
}
