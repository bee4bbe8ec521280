package io.mqttparty.http.internal.client;

import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * A client of the JDK that can be replaced, and let go.
 *
 * <p>Replaced: over HTTP/2 a client keeps the connection that it has to a host until it ends. If the machine behind it is gone without a word, that is a quarter of an hour, and
 * where the name of the host leads to by then does not matter. So after some calls in a row that were given up, later ones go to a new client, which looks the name up again.
 * Over HTTP/1.1 each request does.
 *
 * <p>Let go: before JDK 21 a client ends, with its thread and its connections, when nothing refers to it any more, and whoever still holds this one does not hold that.
 *
 * <p>Any thread may call it.
 */
final class OwnClient extends HttpClient {
    /** Between a client and the one that replaces it: before JDK 21 they pile up until the garbage collector comes. */
    private static final long LEAST_AGE_NANOS = 10_000_000_000L;

    private final Supplier<HttpClient> make;
    private final LongSupplier nanoTime;
    private final AtomicReference<@Nullable Current> current;

    /** A client, and what is known of the connections that it has. */
    private static final class Current {
        final HttpClient client;
        final long madeNanos;
        final Map<String, Silence> origins = new ConcurrentHashMap<>();

        Current(HttpClient client, long madeNanos) {
            this.client = client;
            this.madeNanos = madeNanos;
        }
    }

    OwnClient(Supplier<HttpClient> make, LongSupplier nanoTime) {
        this.make = make;
        this.nanoTime = nanoTime;
        this.current = new AtomicReference<>(next());
    }

    private Current next() {
        return new Current(make.get(), nanoTime.getAsLong());
    }

    /** Lets the client go, and closes it where that is possible, which waits for its calls. All calls from now on fail. */
    void close() {
        Current last = current.getAndSet(null);
        if (last != null) {
            close(last.client);
        }
    }

    private static void close(Object client) {
        if (client instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception e) {
                throw new IllegalStateException("HttpClient.close declares no exception", e);
            }
        }
    }

    private HttpClient client() {
        Current open = current.get();
        if (open == null) {
            throw new IllegalStateException("httpClient: closed (expected: open)");
        }
        return open.client;
    }

    // ---- calls ----

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        Current open = current.get();
        if (open == null) {
            return CompletableFuture.failedFuture(new IOException("closed"));
        }
        if (request.version().orElse(Version.HTTP_1_1) != Version.HTTP_2) {
            return open.client.sendAsync(request, handler);
        }
        Silence silence = open.origins.computeIfAbsent(request.uri().getRawAuthority(), origin -> new Silence());
        AtomicBoolean hasHead = new AtomicBoolean();
        CompletableFuture<HttpResponse<T>> exchange = open.client.sendAsync(request, head -> {
            hasHead.set(true);
            silence.onHead();
            return handler.apply(head);
        });
        return new Pending<>(exchange, () -> {
            if (!hasHead.get() && silence.onGivenUp()) {
                replace(open);
            }
        });
    }

    /** A call that says when it is given up. The client of the JDK does not: its future may end with any failure then. */
    private static final class Pending<T> extends CompletableFuture<HttpResponse<T>> {
        private final CompletableFuture<HttpResponse<T>> exchange;
        private final Runnable onGivenUp;

        Pending(CompletableFuture<HttpResponse<T>> exchange, Runnable onGivenUp) {
            this.exchange = exchange;
            this.onGivenUp = onGivenUp;
            var unused = exchange.whenComplete((response, failure) -> {
                if (failure == null) {
                    super.complete(response);
                } else {
                    completeExceptionally(failure);
                }
            });
        }

        /** Completes that of the client too, whose way to the common pool it spares so. */
        @Override
        public boolean complete(HttpResponse<T> response) {
            return exchange.complete(response);
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            boolean isGivenUp = !isDone();
            exchange.cancel(mayInterruptIfRunning);
            boolean isCancelled = super.cancel(mayInterruptIfRunning);
            if (isGivenUp) {
                onGivenUp.run();
            }
            return isCancelled;
        }
    }

    private void replace(Current silent) {
        if (current.get() != silent || nanoTime.getAsLong() - silent.madeNanos < LEAST_AGE_NANOS) {
            return;
        }
        Current next = next();
        HttpClient unused = current.compareAndSet(silent, next) ? silent.client : next.client;
        new DaemonThreads("close").newThread(() -> close(unused)).start();
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpRequest request,
            HttpResponse.BodyHandler<T> handler,
            HttpResponse.@Nullable PushPromiseHandler<T> pushed) {
        return client().sendAsync(request, handler, pushed);
    }

    @Override
    public <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler)
            throws IOException, InterruptedException {
        return client().send(request, handler);
    }

    // ---- what it was made with ----

    @Override
    public Redirect followRedirects() {
        return Redirect.NEVER;
    }

    @Override
    public Optional<CookieHandler> cookieHandler() {
        return client().cookieHandler();
    }

    @Override
    public Optional<Duration> connectTimeout() {
        return client().connectTimeout();
    }

    @Override
    public Optional<ProxySelector> proxy() {
        return client().proxy();
    }

    @Override
    public SSLContext sslContext() {
        return client().sslContext();
    }

    @Override
    public SSLParameters sslParameters() {
        return client().sslParameters();
    }

    @Override
    public Optional<Authenticator> authenticator() {
        return client().authenticator();
    }

    @Override
    public Version version() {
        return client().version();
    }

    /** Empty when it is closed. */
    @Override
    public Optional<Executor> executor() {
        Current open = current.get();
        return open == null ? Optional.empty() : open.client.executor();
    }
}
