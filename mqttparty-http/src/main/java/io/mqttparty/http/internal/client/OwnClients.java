package io.mqttparty.http.internal.client;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** HTTP clients that are made here, and closed here. */
public final class OwnClients {
    /** On few processors too: with two, a message costs 40 % more there. */
    private static final int THREADS = 4;

    private static final int IDLE_SECONDS = 10;

    /** Longer than it takes to end calls: those that are cancelled still need a thread. */
    private static final int CLOSED_IDLE_MILLIS = 100;

    private final @Nullable ThreadPoolExecutor ownExecutor;
    private final List<OwnClient> clients;

    private OwnClients(@Nullable ThreadPoolExecutor ownExecutor, List<OwnClient> clients) {
        this.ownExecutor = ownExecutor;
        this.clients = clients;
    }

    /** So many clients on an executor, which stays the caller's. */
    public static OwnClients on(Executor executor, int count, Duration connectTimeout) {
        return new OwnClients(null, clients(executor, count, connectTimeout));
    }

    /** So many clients with a few threads of their own. */
    public static OwnClients create(int count, Duration connectTimeout) {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new DaemonThreads("client"));
        executor.allowCoreThreadTimeOut(true);
        return new OwnClients(executor, clients(executor, count, connectTimeout));
    }

    private static List<OwnClient> clients(Executor executor, int count, Duration connectTimeout) {
        Supplier<HttpClient> make = () -> HttpClient.newBuilder()
                .executor(executor)
                .connectTimeout(connectTimeout)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        return Stream.generate(() -> new OwnClient(make, System::nanoTime))
                .limit(count)
                .toList();
    }

    /** The clients. */
    public List<HttpClient> clients() {
        return List.copyOf(clients);
    }

    /**
     * Ends them and their threads; calls that come later fail. From JDK 21 on a client can be closed, which waits for its calls: that is done on a thread of its own. Before,
     * the thread that it has itself ends when the garbage collector has found it, to which nothing that is still held here is an obstacle.
     */
    public void close() {
        new DaemonThreads("close").newThread(this::closeAndWait).start();
    }

    private void closeAndWait() {
        clients.forEach(OwnClient::close);
        if (ownExecutor != null) {
            ownExecutor.setKeepAliveTime(CLOSED_IDLE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }
}
