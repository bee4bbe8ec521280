package io.mqttparty.http.internal.client;

import io.mqttparty.model.Payload;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads a body up to a limit, beyond which it gives up at once; keeps it or forgets it, and tells when it is whole. */
final class BodyCollector implements HttpResponse.BodySubscriber<Payload> {
    private static final int NO_CONTENT = 204;

    private final CompletableFuture<Payload> body = new CompletableFuture<>();
    private final HttpResponse.ResponseInfo head;
    private final int limit;
    private final Consumer<Payload> whole;
    private final boolean kept;
    private final List<ByteBuffer> parts = new ArrayList<>(1);
    private long size;
    private Flow.@Nullable Subscription subscription;

    /**
     * A body of the answer with this head.
     *
     * @param whole gets the body as soon as the connection, or over HTTP/2 the stream, is free for the next request, or will be right after it returns. With 204 over HTTP/2 that
     *     cannot be known here: then it gets nothing
     */
    BodyCollector(HttpResponse.ResponseInfo head, int limit, Consumer<Payload> whole) {
        this.head = head;
        this.limit = limit;
        this.whole = whole;
        this.kept = Answer.isSuccess(head.statusCode());
    }

    @Override
    public CompletionStage<Payload> getBody() {
        if (isWithoutBody() && head.version() == HttpClient.Version.HTTP_1_1) {
            whole.accept(Payload.EMPTY); // the client has what it asks for, and lets the connection go next
        }
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
        if (body.isDone()) {
            return;
        }
        Payload all = joined();
        parts.clear();
        if (!isWithoutBody()) {
            whole.accept(all); // first: what follows on the body makes the client complete its future
        }
        body.complete(all);
    }

    /** The client takes such an answer for complete as soon as it has the head, and says so before it lets go of anything. */
    private boolean isWithoutBody() {
        return head.statusCode() == NO_CONTENT;
    }

    private Payload joined() {
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
