package io.mqttparty.internal.broker;

import java.util.concurrent.atomic.AtomicInteger;

/** Answers a kick once all connections that it was told to have ended with their detach done, or are newer than it. Any thread. */
final class KickAnswer {
    private final AtomicInteger open;
    private final Runnable send;

    /**
     * An answer that waits for so many connections.
     *
     * @param send what answers
     */
    KickAnswer(int connections, Runnable send) {
        this.open = new AtomicInteger(connections);
        this.send = send;
    }

    /** One of them is out of the way; called once for each. */
    void done() {
        if (open.decrementAndGet() == 0) {
            send.run();
        }
    }
}
