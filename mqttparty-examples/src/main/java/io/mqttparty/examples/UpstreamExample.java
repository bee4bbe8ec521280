package io.mqttparty.examples;

import io.mqttparty.MqttParty;
import io.mqttparty.MqttPartyBuilder;
import io.mqttparty.examples.BackendUpstream.Backend;
import io.mqttparty.examples.BackendUpstream.Reading;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.netty.NettyTransport;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** A broker that saves what comes under {@code telemetry/} before it acknowledges it. */
public final class UpstreamExample {
    private UpstreamExample() {}

    /** Starts it on port 1883, with a backend that keeps readings in a list and prints them. */
    public static void main(String[] args) {
        List<Reading> saved = new CopyOnWriteArrayList<>();
        Backend backend = reading -> CompletableFuture.runAsync(() -> {
            saved.add(reading);
            System.out.println(saved.size() + ": " + reading);
        });
        MqttParty broker = describe(backend)
                .listener(NettyTransport.tcp(1883).host("127.0.0.1"))
                .build();
        broker.start().toCompletableFuture().join();
    }

    static MqttPartyBuilder describe(Backend backend) {
        return MqttParty.builder()
                .allowAnonymous()
                .upstream(TopicFilter.of("telemetry/#"), new BackendUpstream(backend));
    }
}
