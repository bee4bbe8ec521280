package io.mqttparty.http.internal.outbox;

import io.mqttparty.spi.Outbox.Entry;
import java.util.concurrent.CompletionStage;

/** Delivers messages. */
@FunctionalInterface
public interface Deliverer {
    /**
     * Tries to deliver a message, once. Must not block; called on threads of the backend, of the timers and of earlier deliveries. Messages of one client come one after the
     * other. A stage that fails counts as {@link Attempt.Failed}.
     *
     * @param attempts how many deliveries of it have failed
     */
    CompletionStage<Attempt> attempt(Entry entry, int attempts);
}
