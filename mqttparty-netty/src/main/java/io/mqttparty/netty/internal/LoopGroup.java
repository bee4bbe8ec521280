package io.mqttparty.netty.internal;

import io.mqttparty.model.MqttPartyException;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The event loops of a listener and whether they are ours to end. */
record LoopGroup(EventLoopGroup netty, boolean owned) {
    private static final int SHUTDOWN_SECONDS = 2;

    static LoopGroup of(ListenerConfig config) {
        return config.givenLoops()
                .map(given -> new LoopGroup(given, false))
                .orElseGet(() -> new LoopGroup(create(config), true));
    }

    private static EventLoopGroup create(ListenerConfig config) {
        try {
            return new MultiThreadIoEventLoopGroup(
                    config.loopThreads(),
                    threads("mqttparty-" + config.name() + "-"),
                    config.platform().loops().get());
        } catch (IllegalStateException e) {
            throw new MqttPartyException(config.description() + ": cannot make event loops: " + e.getMessage(), e);
        }
    }

    /** No daemons: like any server, an open listener keeps the JVM alive. */
    private static ThreadFactory threads(String prefix) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new FastThreadLocalThread(task, prefix + count.incrementAndGet());
            thread.setDaemon(false);
            return thread;
        };
    }

    /** Ends the loops if they are ours; done at the latest after twice the time that they are given, whatever they hang in. */
    CompletionStage<Void> release() {
        CompletableFuture<Void> released = new CompletableFuture<>();
        if (owned) {
            netty.shutdownGracefully(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS)
                    .addListener(done -> released.complete(null));
            return released.completeOnTimeout(null, 2L * SHUTDOWN_SECONDS, TimeUnit.SECONDS);
        }
        released.complete(null);
        return released;
    }
}
