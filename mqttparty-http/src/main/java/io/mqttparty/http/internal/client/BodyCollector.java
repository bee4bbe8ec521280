package io.mqttparty.http.internal.client;

import io.mqttparty.model.Payload;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Reads a body up to a limit, beyond which it gives up at once; keeps it or forgets it. */
final class BodyCollector implements HttpResponse.BodySubscriber<Payload> {
    private final CompletableFuture<Payload> body = new CompletableFuture<>();
    private final HttpResponse.ResponseInfo head;
    private final int limit;
    private final boolean kept;
    private final List<ByteBuffer> parts = new ArrayList<>(1);
    private long size;
    private Flow.@Nullable Subscription subscription;

    BodyCollector(HttpResponse.ResponseInfo head, int limit) {
        this.head = head;
        this.limit = limit;
        this.kept = Answer.isSuccess(head.statusCode());
    }

    @Override
    public CompletionStage<Payload> getBody() {
        return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription newSubscription) {
        subscription = newSubscription;
        newSubscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        if (body.isDone()) {
            return;
        }
        for (ByteBuffer each : buffers) {
            size += each.remaining();
        }
        if (size > limit) {
            parts.clear();
            if (subscription != null) {
                subscription.cancel();
            }
            body.completeExceptionally(new CallException(
                    CallException.Kind.TOO_LARGE, head, "the body is larger than " + limit + " bytes", null));
        } else if (kept) {
            parts.addAll(buffers);
        }
    }

    @Override
    public void onError(Throwable failure) {
        parts.clear();
        body.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        body.complete(whole());
        parts.clear();
    }

    private Payload whole() {
        if (parts.isEmpty()) {
            return Payload.EMPTY;
        }
        if (parts.size() == 1) {
            return Payload.copyOf(parts.get(0));
        }
        ByteBuffer all = ByteBuffer.allocate((int) size);
        parts.forEach(all::put);
        return Payload.copyOf(all.flip());
    }
}
