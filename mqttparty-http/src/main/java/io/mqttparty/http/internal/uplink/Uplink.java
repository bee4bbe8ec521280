package io.mqttparty.http.internal.uplink;

import io.mqttparty.MqttParty;
import io.mqttparty.http.internal.client.Caller;
import io.mqttparty.http.internal.client.Timers;
import io.mqttparty.http.spi.HttpCounter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The life of all routes together. */
public final class Uplink {
    /** How long it waits for what is on its way when it ends; the broker waits 5 seconds for it. */
    private static final long DRAIN_NANOS = 4_000_000_000L;

    private final Caller caller;
    private final Surroundings surroundings;
    private final List<Destination> destinations;
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
            Running running,
            Runnable onClosed) {
        this.caller = caller;
        this.surroundings = surroundings;
        this.destinations = List.copyOf(destinations);
        this.running = running;
        this.onClosed = onClosed;
    }

    /** How often this has happened. */
    public long count(HttpCounter counter) {
        return surroundings.observer().counters().count(counter);
    }

    /** Events that wait or are on their way. */
    public int backlog() {
        return surroundings.backlog().size();
    }

    /** The broker runs. */
    public CompletionStage<Void> start(MqttParty broker) {
        running.started(broker);
        return CompletableFuture.completedStage(null);
    }

    /** Takes nothing new, waits a while for what is on its way, and closes. */
    public CompletionStage<Void> stop() {
        CompletableFuture<Void> drained = surroundings.backlog().close();
        Timers.Scheduled limit = surroundings.timers().schedule(DRAIN_NANOS, () -> drained.complete(null));
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
