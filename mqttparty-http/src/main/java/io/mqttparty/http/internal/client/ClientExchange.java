package io.mqttparty.http.internal.client;

import io.mqttparty.model.Payload;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One request of a client and its answer, which is told as soon as it is whole, on a thread of the client. The future of the JDK's client tells it later: it goes to the common
 * pool of the JVM first or, before JDK 25 on one or two processors, to a thread that is started for it. So the end of the body counts, and the future is completed here, with nothing, which spares it
 * the way.
 *
 * <p>The future is waited for, and tells on whatever thread it does, if the request fails, if the answer is 204 over HTTP/2, since only the future says when the stream is free, and with
 * clients that are not the JDK's, which may do more with an answer than to read it.
 */
final class ClientExchange implements HttpResponse.BodyHandler<Payload> {
    private final Listener listener;
    private final int bodyBytes;
    private final AtomicBoolean ended = new AtomicBoolean();

    private volatile @Nullable CompletableFuture<HttpResponse<Payload>> future;
    private boolean isOfTheJdk;
    private @Nullable Executor executor;

    /** Is told what comes of it, on a thread of the client or on the one that {@linkplain #awaitFailure waits} for it; must not block. */
    interface Listener {
        /** The answer begins. */
        void onHead(HttpResponse.ResponseInfo head);

        /** It is over, with an answer or a failure. Once. */
        void onEnd(@Nullable Answer answer, @Nullable Throwable failure);
    }

    /** An exchange whose answer may have a body of so many bytes. */
    ClientExchange(Listener listener, int bodyBytes) {
        this.listener = listener;
        this.bodyBytes = bodyBytes;
    }

    /** Sends the request; it may have its answer when this returns. Once, then {@link #awaitFailure}. */
    void start(HttpClient client, HttpRequest request) {
        isOfTheJdk = client instanceof OwnClient || client.getClass().getModule() == HttpClient.class.getModule();
        executor = client.executor().orElse(null);
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

    private void onBody(HttpResponse.ResponseInfo head, Payload body) {
        boolean isShared = head.version() == HttpClient.Version.HTTP_2;
        Executor threads = executor;
        if ((isShared && threads == null) || !ended.compareAndSet(false, true)) {
            return;
        }
        CompletableFuture<HttpResponse<Payload>> running = future;
        if (running != null) {
            running.complete(null);
        }
        Answer answer = new Answer(head.statusCode(), head.headers(), body);
        if (isShared && threads != null) { // the other streams of the connection are not to wait for what follows
            try {
                threads.execute(() -> listener.onEnd(answer, null));
                return;
            } catch (RejectedExecutionException e) {
                // it is shut down: then here
            }
        }
        listener.onEnd(answer, null);
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
