package io.mqttparty.http.internal.client;

import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * A client of the JDK that can be let go: before JDK 21 one ends, with its thread and its connections, when nothing refers to it any more, and whoever still holds this
 * one does not hold it. Any thread may call it.
 */
final class ReleasableClient extends HttpClient {
    private final AtomicReference<@Nullable HttpClient> client;

    ReleasableClient(HttpClient client) {
        this.client = new AtomicReference<>(client);
    }

    /** Lets the client go, and closes it where that is possible, which waits for its calls. All calls from now on fail. */
    void release() {
        Object released = client.getAndSet(null);
        if (released instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception e) {
                throw new IllegalStateException("HttpClient.close declares no exception", e);
            }
        }
    }

    private HttpClient client() {
        HttpClient open = client.get();
        if (open == null) {
            throw new IllegalStateException("httpClient: closed (expected: open)");
        }
        return open;
    }

    // ---- calls ----

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        HttpClient open = client.get();
        return open == null ? closed() : open.sendAsync(request, handler);
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpRequest request,
            HttpResponse.BodyHandler<T> handler,
            HttpResponse.@Nullable PushPromiseHandler<T> pushed) {
        HttpClient open = client.get();
        return open == null ? closed() : open.sendAsync(request, handler, pushed);
    }

    private static <T> CompletableFuture<HttpResponse<T>> closed() {
        return CompletableFuture.failedFuture(new IOException("closed"));
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

    @Override
    public Optional<Executor> executor() {
        return client().executor();
    }
}
