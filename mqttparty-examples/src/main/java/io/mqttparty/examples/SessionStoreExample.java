package io.mqttparty.examples;

import io.mqttparty.MemoryBackend;
import io.mqttparty.MqttParty;
import io.mqttparty.MqttPartyBuilder;
import io.mqttparty.netty.NettyTransport;
import io.mqttparty.spi.Backend;

/** A broker whose session store is wrapped: the same works for each part of a backend. */
public final class SessionStoreExample {
    private SessionStoreExample() {}

    /** Starts it on port 1883. */
    public static void main(String[] args) {
        Backend backend = MemoryBackend.create();
        MqttParty broker = describe(backend, new CountingSessionStore(backend.sessions()))
                .listener(NettyTransport.tcp(1883).host("127.0.0.1"))
                .build();
        broker.start().toCompletableFuture().join();
    }

    static MqttPartyBuilder describe(Backend backend, CountingSessionStore sessions) {
        return MqttParty.builder().allowAnonymous().backend(backend).sessionStore(sessions);
    }
}
