package io.mqttparty;

import io.mqttparty.model.MqttPartyException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The extensions of one broker: begun one after the other, ended all at once. */
final class Extensions {
    private static final Logger LOG = System.getLogger(MqttParty.class.getName());

    private final List<Extension> extensions;
    private @Nullable CompletionStage<Void> stopped;

    Extensions(List<Extension> extensions) {
        this.extensions = extensions;
    }

    CompletionStage<Void> start(MqttParty broker) {
        CompletionStage<Void> all = CompletableFuture.completedFuture(null);
        for (Extension each : extensions) {
            all = all.thenCompose(before -> asStage("start", each, () -> each.start(broker)));
        }
        return all;
    }

    /** Ends all of them; the stage never fails, and is the same for every call. */
    synchronized CompletionStage<Void> stop() {
        if (stopped == null) {
            stopped = CompletableFuture.allOf(
                    extensions.stream().map(Extensions::stopOne).toArray(CompletableFuture[]::new));
        }
        return stopped;
    }

    private static CompletableFuture<Void> stopOne(Extension extension) {
        return asStage("stop", extension, extension::stop)
                .exceptionally(failure -> {
                    LOG.log(Level.WARNING, "extension " + extension + " did not stop in order", failure);
                    return null;
                })
                .toCompletableFuture();
    }

    private static CompletionStage<Void> asStage(
            String what, Extension extension, Supplier<? extends @Nullable CompletionStage<Void>> call) {
        try {
            CompletionStage<Void> stage = call.get();
            return stage != null
                    ? stage
                    : CompletableFuture.failedFuture(new MqttPartyException(
                            what + " of extension " + extension + ": returned null (expected: a stage)"));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
