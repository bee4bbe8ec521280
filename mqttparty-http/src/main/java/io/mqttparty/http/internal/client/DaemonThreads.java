package io.mqttparty.http.internal.client;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Daemon threads with names that say what they are for: {@code mqttparty-http-client-1}. */
public final class DaemonThreads implements ThreadFactory {
    private final String use;
    private final AtomicInteger count = new AtomicInteger();

    /** Threads for this use. */
    public DaemonThreads(String use) {
        this.use = use;
    }

    @Override
    public Thread newThread(Runnable task) {
        Thread thread = new Thread(task, "mqttparty-http-" + use + "-" + count.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }
}
