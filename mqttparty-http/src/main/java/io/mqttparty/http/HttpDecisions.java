package io.mqttparty.http;

import io.mqttparty.Extension;
import io.mqttparty.MqttParty;
import io.mqttparty.MqttPartyBuilder;
import io.mqttparty.http.internal.client.Caller;
import io.mqttparty.http.internal.decision.Inquiry;
import io.mqttparty.http.spi.DecisionCounter;
import java.net.URI;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/** What {@link HttpAuthenticator} and {@link HttpAuthorizer} have in common: a backend that they ask, and their end. Its methods are theirs. */
abstract sealed class HttpDecisions implements Extension, AutoCloseable permits HttpAuthenticator, HttpAuthorizer {
    private final URI uri;
    private final Resources resources;
    private final Caller caller;
    private final Inquiry inquiry;
    private final AtomicBoolean installed = new AtomicBoolean();

    HttpDecisions(DecisionBuilder<?> choice) {
        uri = choice.address();
        resources = choice.resources();
        caller = new Caller(
                resources.clients(),
                resources.timers(),
                new SecureRandom(),
                choice.callerSettings(),
                (origin, open) -> {});
        URI origin = URI.create(uri.getScheme().toLowerCase(Locale.ROOT) + "://" + uri.getRawAuthority());
        inquiry = new Inquiry(caller.endpoint(origin), resources.timers(), choice.settings());
    }

    /** Called by the builder of the broker. */
    @Override
    public void install(MqttPartyBuilder builder) {
        if (installed.getAndSet(true)) {
            throw new IllegalStateException(
                    "extension: " + this + " is installed (expected: once, it is closed with its broker)");
        }
        register(builder);
    }

    abstract void register(MqttPartyBuilder builder);

    final Inquiry inquiry() {
        return inquiry;
    }

    /** How often this has happened. */
    public long count(DecisionCounter counter) {
        return inquiry.count(counter);
    }

    /** How many answers are kept. */
    public int cached() {
        return inquiry.kept();
    }

    /** Called by the broker. */
    @Override
    public CompletionStage<Void> start(MqttParty broker) {
        return CompletableFuture.completedFuture(null);
    }

    /** Called by the broker. */
    @Override
    public CompletionStage<Void> stop() {
        close();
        return CompletableFuture.completedFuture(null);
    }

    /** Ends all requests and forgets what it keeps: from now on nothing is allowed. Closes what it made itself; a second call does nothing. */
    @Override
    public void close() {
        inquiry.close();
        caller.close();
        resources.close().run();
    }

    /** The address without its query, which may hold a secret. */
    @Override
    public String toString() {
        return getClass().getSimpleName() + "[" + Inquiry.withoutQuery(uri) + "]";
    }
}
