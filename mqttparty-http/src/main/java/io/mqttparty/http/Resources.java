package io.mqttparty.http;

import io.mqttparty.http.internal.client.ExecutorTimers;
import io.mqttparty.http.internal.client.OwnClients;
import io.mqttparty.http.internal.client.Timers;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * What is heavy: HTTP clients and timers, given or made.
 *
 * @param clients the HTTP clients
 * @param timers the timers
 * @param close closes what was made
 */
record Resources(List<HttpClient> clients, Timers timers, Runnable close) {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /** These clients, with timers on this executor, or on one that is made. */
    static Resources with(OwnOrGiven clients, @Nullable ScheduledExecutorService scheduler) {
        if (scheduler != null) {
            return new Resources(clients.clients(), new ExecutorTimers(scheduler), clients.close());
        }
        ScheduledExecutorService own = ExecutorTimers.newExecutor();
        return new Resources(clients.clients(), new ExecutorTimers(own), () -> {
            clients.close().run();
            own.shutdownNow();
        });
    }

    /**
     * HTTP clients.
     *
     * @param close closes those that were made
     */
    record OwnOrGiven(List<HttpClient> clients, Runnable close) {
        /** So many clients, made on this executor or on a few threads of their own. */
        static OwnOrGiven make(int count, @Nullable Duration connectTimeout, @Nullable Executor executor) {
            Duration timeout = connectTimeout == null ? CONNECT_TIMEOUT : connectTimeout;
            OwnClients own =
                    executor == null ? OwnClients.create(count, timeout) : OwnClients.on(executor, count, timeout);
            return new OwnOrGiven(own.clients(), own::close);
        }
    }
}
