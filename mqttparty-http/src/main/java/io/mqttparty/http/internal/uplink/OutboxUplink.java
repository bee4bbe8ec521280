package io.mqttparty.http.internal.uplink;

import io.mqttparty.MqttParty;
import io.mqttparty.http.internal.client.Causes;
import io.mqttparty.http.internal.client.GivenUp;
import io.mqttparty.http.internal.outbox.Appender;
import io.mqttparty.http.internal.outbox.Drain;
import io.mqttparty.http.internal.outbox.DrainSettings;
import io.mqttparty.http.internal.outbox.OutboxDrainer;
import io.mqttparty.http.spi.HttpCounter;
import io.mqttparty.model.ClientId;
import io.mqttparty.model.QoS;
import io.mqttparty.spi.Outbox;
import io.mqttparty.spi.Outbox.Entry;
import io.mqttparty.spi.Token;
import io.mqttparty.spi.Upstream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The routes whose messages are acknowledged when they are in the outbox, from which this node or another one delivers them.
 */
public final class OutboxUplink {
    private final Surroundings surroundings;
    private final DrainSettings settings;
    private final OutboxRoutes routes;
    private final Appender appender;
    private volatile @Nullable Outbox outbox;
    private volatile @Nullable OutboxDrainer drainer;

    /** Without routes yet. */
    public OutboxUplink(Surroundings surroundings, DrainSettings settings) {
        this.surroundings = surroundings;
        this.settings = settings;
        this.routes = new OutboxRoutes(surroundings);
        this.appender = new Appender(
                surroundings.timers(),
                new GivenUp(surroundings.timers()),
                surroundings.backlog().mostOfAClient(),
                this::appended);
    }

    /**
     * The upstream of one more route.
     *
     * @param name of the route, the same on all nodes and for as long as messages wait for it
     * @param destination where the drainer delivers to, one try for each delivery
     * @param settlement what follows on a delivery
     * @throws IllegalArgumentException if there is a route of this name
     */
    public Upstream route(String name, Destination destination, Settlement settlement) {
        routes.add(name, destination, settlement);
        return new Appending(name, settlement);
    }

    /** Each message has its time limit at the appender, which begins when those before it are in the outbox. */
    private final class Appending implements Upstream {
        private final String route;
        private final Settlement settlement;

        Appending(String route, Settlement settlement) {
            this.route = route;
            this.settlement = settlement;
        }

        @Override
        public Optional<Duration> timeLimit() {
            return Optional.empty();
        }

        @Override
        public CompletionStage<Void> onPublish(Request request) {
            boolean resent = request.message().qos() != QoS.AT_MOST_ONCE;
            Event event =
                    AnsweredUpstream.event(request, surroundings.clock(), resent ? request.client() : GivenUp.NOBODY);
            Entry entry = new Entry(
                    request.messageId(), event.client(), route, request.message(), Map.of(), event.timeMillis());
            CompletionStage<Void> appended = append(entry, event.sender());
            return resent
                    ? appended
                    : appended.exceptionallyCompose(failure -> settlement
                            .lose(event, Outcome.failed(0, reason(failure), 0))
                            .thenApply(done -> null));
        }
    }

    /** Appends an entry of one of the routes; fails if it is not in the outbox. */
    CompletionStage<Void> append(Entry entry, Object sender) {
        Outbox opened = outbox;
        CompletionStage<Void> appended = opened == null
                ? CompletableFuture.failedFuture(new NotDeliveredException("the outbox is not open"))
                : appender.append(opened, entry, sender);
        return appended.whenComplete((done, failure) -> surroundings
                .observer()
                .count(failure == null ? HttpCounter.OUTBOX_APPENDED : HttpCounter.OUTBOX_REFUSED));
    }

    private static String reason(Throwable failure) {
        return Causes.of(failure).toString();
    }

    private void appended(ClientId client) {
        OutboxDrainer running = drainer;
        if (running != null) {
            running.appended(client);
        }
    }

    /** The broker runs: takes messages, and delivers those that wait. */
    void start(MqttParty broker) {
        if (routes.isEmpty()) {
            return;
        }
        OutboxDrainer started = new OutboxDrainer(new Drain(
                broker.outbox(),
                new Token(broker.nodeId().value() + "-http"),
                routes,
                routes,
                surroundings.timers(),
                surroundings.random(),
                settings));
        drainer = started;
        outbox = broker.outbox();
        started.start();
    }

    /** Takes nothing new, and gives the shards to the other nodes when what is on its way has arrived. */
    CompletionStage<Void> stop(Duration limit) {
        outbox = null;
        OutboxDrainer running = drainer;
        return running == null ? CompletableFuture.completedFuture(null) : running.stop(limit);
    }
}
