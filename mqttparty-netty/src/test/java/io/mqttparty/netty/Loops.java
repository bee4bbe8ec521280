package io.mqttparty.netty;

import io.mqttparty.spi.transport.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What tests do on event loops. */
final class Loops {
    private Loops() {}

    static <T> T call(EventLoop loop, Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, loop)
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    static void run(EventLoop loop, Runnable work) {
        CompletableFuture.runAsync(work, loop).orTimeout(10, TimeUnit.SECONDS).join();
    }

    /** Waits until the loop has run what it has to run now. */
    static void turn(EventLoop loop) {
        run(loop, () -> {});
    }
}
