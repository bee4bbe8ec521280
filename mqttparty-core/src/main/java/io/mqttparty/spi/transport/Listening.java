package io.mqttparty.spi.transport;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** A listener that is open. All methods may be called from any thread and more than once. */
public interface Listening {
    /** The port that was bound; 0 if this transport has none. */
    int port();

    /** The loops that connections are assigned to; at least one. The first also runs the broker's own timers. */
    List<EventLoop> eventLoops();

    /** Takes no further connection; those that are open live on. */
    CompletionStage<Void> stopAccepting();

    /**
     * Closes the listener and its connections and releases what the transport created, its threads too, in bounded time. What was given to it
     * stays open. No handler is called after the stage completed.
     */
    CompletionStage<Void> close();
}
