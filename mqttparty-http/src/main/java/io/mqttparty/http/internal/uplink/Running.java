package io.mqttparty.http.internal.uplink;

import io.mqttparty.MqttParty;
import java.util.concurrent.CompletableFuture;

/** The broker, once it runs: messages may come before. */
public final class Running {
    private final CompletableFuture<MqttParty> broker = new CompletableFuture<>();

    /** It runs. */
    public void started(MqttParty running) {
        broker.complete(running);
    }

    /** It ends; what waits for its start fails. */
    public void stopped() {
        broker.completeExceptionally(new IllegalStateException("broker: never started"));
    }

    /** Completes when it runs. */
    CompletableFuture<MqttParty> broker() {
        return broker;
    }
}
