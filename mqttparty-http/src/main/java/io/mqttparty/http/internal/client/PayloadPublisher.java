package io.mqttparty.http.internal.client;

import io.mqttparty.model.Payload;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;

/** Sends a payload as the body of a request, without copying it. */
public final class PayloadPublisher implements HttpRequest.BodyPublisher {
    private final Payload payload;

    private PayloadPublisher(Payload payload) {
        this.payload = payload;
    }

    /** The body with these bytes. */
    public static HttpRequest.BodyPublisher of(Payload payload) {
        return payload.isEmpty() ? HttpRequest.BodyPublishers.noBody() : new PayloadPublisher(payload);
    }

    @Override
    public long contentLength() {
        return payload.size();
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
        subscriber.onSubscribe(new OneBuffer(payload, subscriber));
    }

    /** Gives the one buffer when it is asked for; a subscriber asks one call after the other. */
    private static final class OneBuffer implements Flow.Subscription {
        private final Payload payload;
        private final Flow.Subscriber<? super ByteBuffer> subscriber;
        private boolean done;

        OneBuffer(Payload payload, Flow.Subscriber<? super ByteBuffer> subscriber) {
            this.payload = payload;
            this.subscriber = subscriber;
        }

        @Override
        public void request(long n) {
            if (done) {
                return;
            }
            done = true;
            if (n <= 0) {
                subscriber.onError(new IllegalArgumentException("n: " + n + " (expected: at least 1)"));
                return;
            }
            subscriber.onNext(payload.asByteBuffer());
            subscriber.onComplete();
        }

        @Override
        public void cancel() {
            done = true;
        }
    }
}
