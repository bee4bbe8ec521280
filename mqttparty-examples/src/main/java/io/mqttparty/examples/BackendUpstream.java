package io.mqttparty.examples;

import io.mqttparty.spi.Upstream;
import java.util.concurrent.CompletionStage;

/**
 * An own {@link Upstream}: hands what devices publish to a backend. PUBACK goes out when the backend has answered, so a device that got it
 * knows that the message is safe; if the backend fails, the device is disconnected without PUBACK and sends again.
 */
public final class BackendUpstream implements Upstream {
    private final Backend backend;

    /** For this backend. */
    public BackendUpstream(Backend backend) {
        this.backend = backend;
    }

    @Override
    public CompletionStage<Void> onPublish(Request request) {
        return backend.save(new Reading(
                request.messageId().toString(),
                request.client().clientId().value(),
                request.message().topic().value(),
                request.message().payload().asUtf8String()));
    }

    /** The backend: a database, an HTTP service, a log. */
    @FunctionalInterface
    public interface Backend {
        /** Saves a reading. It is called on an event loop, so it only begins the work; the stage completes when the reading is safe. */
        CompletionStage<Void> save(Reading reading);
    }

    /**
     * What the backend gets.
     *
     * @param id the same if the reading comes a second time because the first answer was lost: for recognising it
     * @param device its client id
     * @param topic where it published
     * @param text what it published
     */
    public record Reading(String id, String device, String topic, String text) {}
}
