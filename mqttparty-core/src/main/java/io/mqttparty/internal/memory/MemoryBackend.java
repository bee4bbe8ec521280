package io.mqttparty.internal.memory;

import io.mqttparty.spi.*;

public final class MemoryBackend implements Backend {
    public record Config(java.time.InstantSource clock, int a, long b) {}

    public MemoryBackend(Config c) {}

    public String name() {
        throw new IllegalStateException();
    }

    public java.util.concurrent.CompletionStage<Void> start() {
        throw new IllegalStateException();
    }

    public SessionStore sessions() {
        throw new IllegalStateException();
    }

    public RetainedStore retained() {
        throw new IllegalStateException();
    }

    public Cluster cluster() {
        throw new IllegalStateException();
    }
}
