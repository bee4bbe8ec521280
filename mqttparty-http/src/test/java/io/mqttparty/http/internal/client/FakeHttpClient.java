package io.mqttparty.http.internal.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;

/** A client without network: the test sees the requests and answers them, on its own thread. */
public final class FakeHttpClient extends HttpClient {
    private final List<Exchange> exchanges = new ArrayList<>();
    private Redirect redirects = Redirect.NEVER;
    private Version spoken = Version.HTTP_1_1;
    private boolean isLate;
    private int immediateStatus;
    private Optional<Executor> executor = Optional.empty();

    public FakeHttpClient following(Redirect policy) {
        redirects = policy;
        return this;
    }

    /** What its answers come over from now on. */
    public FakeHttpClient speaking(Version version) {
        spoken = version;
        return this;
    }

    /** Its futures say of answers only when the test {@linkplain Exchange#tell says so}: the client of the JDK takes its time too. */
    public FakeHttpClient tellingLate() {
        isLate = true;
        return this;
    }

    /** It answers with this status before it returns, from now on. */
    public FakeHttpClient answeringAtOnce(int status) {
        immediateStatus = status;
        return this;
    }

    /** It says that it runs on this executor. */
    public FakeHttpClient on(Executor newExecutor) {
        executor = Optional.of(newExecutor);
        return this;
    }

    /** All requests until now. */
    public List<Exchange> exchanges() {
        return exchanges;
    }

    /** The request with this number, from 0. */
    public Exchange exchange(int number) {
        return exchanges.get(number);
    }

    /** Requests that are neither answered nor cancelled. */
    public List<Exchange> open() {
        return exchanges.stream().filter(each -> !each.future.isDone()).toList();
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        TypedExchange<T> exchange = new TypedExchange<>(request, handler, spoken, isLate);
        exchanges.add(exchange);
        if (immediateStatus != 0) {
            exchange.answer(immediateStatus);
        }
        return exchange.typed;
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpRequest request, HttpResponse.BodyHandler<T> handler, HttpResponse.PushPromiseHandler<T> push) {
        return sendAsync(request, handler);
    }

    @Override
    public <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Redirect followRedirects() {
        return redirects;
    }

    @Override
    public Optional<CookieHandler> cookieHandler() {
        return Optional.empty();
    }

    @Override
    public Optional<Duration> connectTimeout() {
        return Optional.empty();
    }

    @Override
    public Optional<ProxySelector> proxy() {
        return Optional.empty();
    }

    @Override
    public SSLContext sslContext() {
        throw new UnsupportedOperationException();
    }

    @Override
    public SSLParameters sslParameters() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Authenticator> authenticator() {
        return Optional.empty();
    }

    @Override
    public Version version() {
        return Version.HTTP_1_1;
    }

    @Override
    public Optional<Executor> executor() {
        return executor;
    }

    /** One request and its answer. */
    public abstract static class Exchange {
        private final HttpRequest request;
        private final CompletableFuture<?> future;

        private Exchange(HttpRequest request, CompletableFuture<?> future) {
            this.request = request;
            this.future = future;
        }

        public HttpRequest request() {
            return request;
        }

        public String header(String name) {
            return request.headers().firstValue(name).orElse("");
        }

        /** The body of the request as text. */
        public String body() {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            request.bodyPublisher().orElseThrow().subscribe(new Flow.Subscriber<>() {
                @Override
                public void onSubscribe(Flow.Subscription subscription) {
                    subscription.request(Long.MAX_VALUE);
                }

                @Override
                public void onNext(ByteBuffer part) {
                    byte[] bytes = new byte[part.remaining()];
                    part.get(bytes);
                    all.writeBytes(bytes);
                }

                @Override
                public void onError(Throwable failure) {
                    throw new AssertionError(failure);
                }

                @Override
                public void onComplete() {}
            });
            return all.toString(StandardCharsets.UTF_8);
        }

        public boolean isCancelled() {
            return future.isCancelled();
        }

        /** Whether its future is complete. */
        public boolean isTold() {
            return future.isDone();
        }

        /** Completes its future with what it has answered. */
        public abstract void tell();

        public void fail(String message) {
            fail(new IOException(message));
        }

        public void fail(IOException failure) {
            future.completeExceptionally(failure);
        }

        public void answer(int status) {
            answer(status, Map.of(), "");
        }

        /** A whole answer. */
        public abstract void answer(int status, Map<String, String> headers, String body);

        /** The head of an answer and a part of its body. */
        public void answerHead(int status, String part) {
            answerHead(status, Map.of(), part);
        }

        /** The head of an answer with headers, and a part of its body. */
        public abstract void answerHead(int status, Map<String, String> headers, String part);
    }

    private static final class TypedExchange<T> extends Exchange {
        private final CompletableFuture<HttpResponse<T>> typed;
        private final HttpResponse.BodyHandler<T> handler;
        private final Version spoken;
        private final boolean isLate;
        private Runnable telling = () -> {};

        TypedExchange(HttpRequest request, HttpResponse.BodyHandler<T> handler, Version spoken, boolean isLate) {
            this(request, handler, spoken, isLate, new CompletableFuture<>());
        }

        private TypedExchange(
                HttpRequest request,
                HttpResponse.BodyHandler<T> handler,
                Version spoken,
                boolean isLate,
                CompletableFuture<HttpResponse<T>> typed) {
            super(request, typed);
            this.typed = typed;
            this.handler = handler;
            this.spoken = spoken;
            this.isLate = isLate;
        }

        @Override
        public void tell() {
            telling.run();
        }

        @Override
        public void answer(int status, Map<String, String> headers, String body) {
            begin(status, headers, body).onComplete();
        }

        @Override
        public void answerHead(int status, Map<String, String> headers, String part) {
            begin(status, headers, part);
        }

        private HttpResponse.BodySubscriber<T> begin(int status, Map<String, String> headers, String body) {
            HttpHeaders all = headers(headers);
            HttpResponse.BodySubscriber<T> subscriber = handler.apply(new Head(status, all, spoken));
            subscriber.onSubscribe(new Flow.Subscription() {
                @Override
                public void request(long n) {}

                @Override
                public void cancel() {}
            });
            var unused = subscriber.getBody().whenComplete((result, failure) -> {
                telling = () -> {
                    if (failure == null) {
                        typed.complete(new Whole<>(super.request, status, all, result, spoken));
                    } else {
                        typed.completeExceptionally(failure);
                    }
                };
                if (!isLate) {
                    tell();
                }
            });
            if (!body.isEmpty()) {
                subscriber.onNext(List.of(ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8))));
            }
            return subscriber;
        }

        private static HttpHeaders headers(Map<String, String> headers) {
            Map<String, List<String>> all = new HashMap<>();
            headers.forEach((name, value) -> all.put(name, List.of(value)));
            return HttpHeaders.of(all, (name, value) -> true);
        }
    }

    private record Head(int statusCode, HttpHeaders headers, Version version) implements HttpResponse.ResponseInfo {}

    private record Whole<T>(HttpRequest request, int statusCode, HttpHeaders headers, T body, Version version)
            implements HttpResponse<T> {
        @Override
        public Optional<HttpResponse<T>> previousResponse() {
            return Optional.empty();
        }

        @Override
        public Optional<SSLSession> sslSession() {
            return Optional.empty();
        }

        @Override
        public URI uri() {
            return request.uri();
        }
    }
}
