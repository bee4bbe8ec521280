package io.mqttparty.http.internal.client;

import io.mqttparty.model.Payload;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One request of a client and its answer, which is told as soon as it is whole, on a thread of the client. The future of the JDK's client tells it later: it goes to the common
 * pool of the JVM first, which before JDK 25 starts a thread for each request on a machine of one or two processors. So with a client of the JDK it is the end of the body that
 * counts, and the future is completed here, with nothing, which spares it the way. Other clients, which may do more than that with an answer, are waited for.
 */
final class Exchange implements HttpResponse.BodyHandler<Payload> {
    private final Listener listener;
    private final int bodyBytes;
    private final AtomicBoolean ended = new AtomicBoolean();

    private volatile @Nullable CompletableFuture<HttpResponse<Payload>> future;
    private boolean isOfTheJdk;

    /** Is told what comes of it, on a thread of the client or on the one that {@linkplain #awaitFailure waits} for it; must not block. */
    interface Listener {
        /** The answer begins. */
        void onHead(HttpResponse.ResponseInfo head);

        /** It is over, with an answer or a failure. Once. */
        void onEnd(@Nullable Answer answer, @Nullable Throwable failure);
    }

    /** An exchange whose answer may have a body of so many bytes. */
    Exchange(Listener listener, int bodyBytes) {
        this.listener = listener;
        this.bodyBytes = bodyBytes;
    }

    /** Sends the request; it may have its answer when this returns. Once, then {@link #awaitFailure}. */
    void start(HttpClient client, HttpRequest request) {
        isOfTheJdk = client instanceof OwnClient || client.getClass().getModule() == HttpClient.class.getModule();
        CompletableFuture<HttpResponse<Payload>> sent = client.sendAsync(request, this);
        future = sent;
        if (isOver()) {
            sent.complete(null);
        }
    }

    /** From now on it tells its failure too, or what else the future has to say. Once, after {@link #start}. */
    void awaitFailure() {
        CompletableFuture<HttpResponse<Payload>> running = future;
        if (running != null) {
            var unused = running.whenComplete(this::onFuture);
        }
    }

    /** Whether it was told what came of it. */
    boolean isOver() {
        return ended.get();
    }

    /** Gives it up, unless it is over. */
    void cancel() {
        CompletableFuture<?> running = future;
        if (running != null) {
            running.cancel(true);
        }
    }

    @Override
    public HttpResponse.BodySubscriber<Payload> apply(HttpResponse.ResponseInfo newHead) {
        listener.onHead(newHead);
        return new BodyCollector(newHead, bodyBytes, isOfTheJdk ? body -> onBody(newHead, body) : body -> {});
    }

    private void onBody(HttpResponse.ResponseInfo answered, Payload body) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        CompletableFuture<HttpResponse<Payload>> running = future;
        if (running != null) {
            running.complete(null);
        }
        listener.onEnd(new Answer(answered.statusCode(), answered.headers(), body), null);
    }

    private void onFuture(@Nullable HttpResponse<Payload> response, @Nullable Throwable failure) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        listener.onEnd(
                response == null ? null : new Answer(response.statusCode(), response.headers(), response.body()),
                failure);
    }
}
