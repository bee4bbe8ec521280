package io.mqttparty.internal.broker;

import io.mqttparty.spi.Upstream;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Calls of upstreams, each with its time limit. */
final class Upstreams {
    private final BrokerLog log;

    Upstreams(BrokerLog log) {
        this.log = log;
    }

    /** Hands a message to an upstream. One of both is called once, on the loop. */
    void call(
            LoopContext loop,
            UpstreamRoute route,
            Upstream.Request request,
            Runnable onDone,
            Consumer<Throwable> onFailure) {
        SpiCalls.call(
                loop,
                route.limitNanos(),
                "upstream",
                () -> {
                    CompletionStage<Void> stage = route.upstream().onPublish(request);
                    return stage == null ? null : stage.thenApply(nothing -> Boolean.TRUE);
                },
                done -> onDone.run(),
                failure -> {
                    log.spiFailed("upstream", request.client().clientId(), failure);
                    onFailure.accept(failure);
                });
    }
}
