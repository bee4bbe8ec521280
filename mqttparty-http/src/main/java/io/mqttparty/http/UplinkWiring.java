package io.mqttparty.http;

import io.mqttparty.http.internal.client.Caller;
import io.mqttparty.http.internal.outbox.DrainSettings;
import io.mqttparty.http.internal.uplink.AcceptedUpstream;
import io.mqttparty.http.internal.uplink.AnsweredUpstream;
import io.mqttparty.http.internal.uplink.Backlog;
import io.mqttparty.http.internal.uplink.DeadLetters;
import io.mqttparty.http.internal.uplink.Destination;
import io.mqttparty.http.internal.uplink.Observer;
import io.mqttparty.http.internal.uplink.OutboxUplink;
import io.mqttparty.http.internal.uplink.Replies;
import io.mqttparty.http.internal.uplink.Requests;
import io.mqttparty.http.internal.uplink.Running;
import io.mqttparty.http.internal.uplink.Settlement;
import io.mqttparty.http.internal.uplink.Surroundings;
import io.mqttparty.http.internal.uplink.Uplink;
import io.mqttparty.spi.Upstream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts the parts of an {@link HttpUpstream} together. */
final class UplinkWiring {
    private final HttpUpstreamBuilder choice;
    private final Resources resources;
    private final Surroundings surroundings;
    private final Caller caller;
    private final Running running = new Running();
    private final OutboxUplink outbox;
    private final List<Destination> destinations = new ArrayList<>();

    UplinkWiring(HttpUpstreamBuilder choice, Resources resources) {
        this.choice = choice;
        this.resources = resources;
        Observer observer = new Observer(choice.listeners(), resources.timers()::nanoTime);
        surroundings = new Surroundings(
                resources.timers(),
                choice.timeOfDay(),
                choice.randomness(),
                observer,
                new Backlog(choice.mostWaiting(), choice.mostAcceptedBytes()));
        caller = new Caller(
                resources.clients(),
                resources.timers(),
                choice.randomness(),
                choice.callerSettings(resources.clients().size()),
                observer::breaker);
        outbox = new OutboxUplink(surroundings, drainSettings());
    }

    private DrainSettings drainSettings() {
        Duration longest = choice.routes().stream()
                .map(each -> each.settings().timeout())
                .max(Comparator.naturalOrder())
                .orElse(DrainSettings.DEFAULTS.delivery());
        return DrainSettings.DEFAULTS.with(choice.mostOutboxTries(), longest);
    }

    HttpUpstream wire(List<HttpRoute> routes) {
        Map<HttpRoute, Upstream> upstreams = new LinkedHashMap<>();
        routes.forEach(each -> upstreams.put(each, upstream(each.settings())));
        Uplink uplink = new Uplink(caller, surroundings, destinations, outbox, running, resources.close());
        return new HttpUpstream(uplink, upstreams);
    }

    private Upstream upstream(HttpRoute.Settings route) {
        Observer observer = surroundings.observer();
        Settlement settlement = new Settlement(
                new Replies(route.replyTopic(), route.replyQos(), route.replyTtl(), running, observer),
                new DeadLetters(route.deadLetterTopic(), running, observer),
                observer);
        return switch (route.acknowledgement()) {
            case ON_2XX -> new AnsweredUpstream(destination(route), settlement, surroundings.clock());
            case ON_ACCEPT -> new AcceptedUpstream(destination(route), settlement, surroundings);
            case ON_OUTBOX -> outbox.route(route.name(), destination(route), settlement);
        };
    }

    private Destination destination(HttpRoute.Settings route) {
        Destination destination = new Destination(
                new Destination.Settings(
                        route.url(),
                        requests(route),
                        route.timeout().toNanos(),
                        route.deadline().toNanos(),
                        route.replyBytes(),
                        route.backoff(),
                        route.longestRetryAfter().toNanos(),
                        route.concurrency(),
                        route.perClient()),
                caller.endpoint(route.url().origin()),
                surroundings);
        destinations.add(destination);
        return destination;
    }

    private Requests requests(HttpRoute.Settings route) {
        return new Requests(
                route.method(),
                route.eventType(),
                choice.eventSource(),
                route.contentType(),
                route.headers(),
                choice.signer(),
                surroundings.clock(),
                choice.randomness());
    }
}
