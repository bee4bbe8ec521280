package io.mqttparty.http;

import io.mqttparty.Extension;
import io.mqttparty.MqttParty;
import io.mqttparty.MqttPartyBuilder;
import io.mqttparty.http.internal.uplink.ClientEvents;
import io.mqttparty.http.internal.uplink.Uplink;
import io.mqttparty.http.spi.HttpCounter;
import io.mqttparty.spi.Upstream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Sends what devices publish to an HTTP backend: an extension of the broker, {@code MqttParty.builder().extension(upstream)}. Each message is a CloudEvent in the binary mode
 * of HTTP, sent until the backend has answered for good; its acknowledgement waits for that, as the route says. Messages of one client are sent in their order,
 * unless the route says otherwise. docs/http.md describes headers, status codes and policies.
 *
 * <p>A route whose filter is {@code $SYS/clients/connected}, {@code …/disconnected} or {@code …/will}, or {@code $SYS/clients/+} for all three, takes what happens to clients instead: JSON
 * that says who and why.
 *
 * <p>It is for one broker. When the broker stops, it takes nothing new, waits a few seconds for what is on its way, and closes what it made itself.
 */
public final class HttpUpstream implements Extension {
    private final Uplink uplink;
    private final Map<HttpRoute, Upstream> routes;
    private final ClientEvents events;
    private final AtomicBoolean installed = new AtomicBoolean();

    HttpUpstream(Uplink uplink, Map<HttpRoute, Upstream> routes) {
        this.uplink = uplink;
        this.routes = routes;
        this.events = new ClientEvents(
                routes.entrySet().stream()
                        .map(each -> new ClientEvents.Route(each.getKey().filter(), each.getValue()))
                        .toList(),
                uplink::onEventLost);
    }

    /** Describes one. */
    public static HttpUpstreamBuilder builder() {
        return new HttpUpstreamBuilder();
    }

    /** How often this has happened since it was built. Any thread may ask. */
    public long count(HttpCounter counter) {
        return uplink.count(counter);
    }

    /** The messages that wait or are on their way now. Any thread may ask. */
    public int backlog() {
        return uplink.backlog();
    }

    @Override
    public void install(MqttPartyBuilder builder) {
        if (installed.getAndSet(true)) {
            throw new IllegalStateException(
                    "extension: " + this + " is installed (expected: once, it is for one broker)");
        }
        routes.forEach((route, upstream) -> builder.upstream(route.filter(), upstream));
        if (!events.isEmpty()) {
            builder.brokerListener(events);
        }
    }

    /** Draining the outbox, if it has a route that uses it: another one would take messages of routes that it does not have. */
    @Override
    public Optional<String> exclusive() {
        return routes.keySet().stream().anyMatch(route -> route.acknowledgement() == AckPolicy.ON_OUTBOX)
                ? Optional.of("the outbox")
                : Optional.empty();
    }

    @Override
    public CompletionStage<Void> start(MqttParty broker) {
        return uplink.start(broker).thenRun(() -> events.start(broker.nodeId()));
    }

    @Override
    public CompletionStage<Void> stop() {
        events.stop();
        return uplink.stop();
    }

    /** The routes. */
    @Override
    public String toString() {
        return "HttpUpstream" + routes.keySet();
    }
}
