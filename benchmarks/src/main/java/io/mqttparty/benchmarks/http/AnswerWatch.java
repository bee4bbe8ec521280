package io.mqttparty.benchmarks.http;

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Says the status of an answer of 204 when the client asks for the body that it does not have, or 0 if the request fails. Once. */
final class AnswerWatch implements HttpResponse.BodyHandler<Void>, HttpResponse.BodySubscriber<Void> {
    private final IntConsumer whole;
    private final CompletableFuture<Void> body = new CompletableFuture<>();
    private final AtomicBoolean isTold = new AtomicBoolean();
    private volatile @Nullable CompletableFuture<?> future;
    private int status;

    AnswerWatch(IntConsumer whole) {
        this.whole = whole;
    }

    /** The future of the client, which is not needed if the answer has been there. */
    void await(CompletableFuture<?> sent) {
        future = sent;
        if (isTold.get()) {
            sent.complete(null);
        }
        sent.whenComplete((response, failure) -> tell(0));
    }

    @Override
    public HttpResponse.BodySubscriber<Void> apply(HttpResponse.ResponseInfo head) {
        status = head.statusCode();
        return this;
    }

    @Override
    public CompletionStage<Void> getBody() {
        tell(status);
        return body;
    }

    private void tell(int answered) {
        if (isTold.compareAndSet(false, true)) {
            CompletableFuture<?> sent = future;
            if (sent != null) {
                sent.complete(null);
            }
            whole.accept(answered);
        }
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> part) {}

    @Override
    public void onError(Throwable failure) {
        body.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        body.complete(null);
    }
}
