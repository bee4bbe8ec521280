package io.mqttparty.redis.internal.session;

import static java.util.concurrent.CompletableFuture.failedFuture;

import io.mqttparty.redis.internal.lane.RedisContext;
import io.mqttparty.spi.Fence;
import io.mqttparty.spi.SessionStore.RetainedEnqueued;
import io.mqttparty.spi.SessionStore.RetainedStep;
import java.util.concurrent.CompletionStage;

/** Retained messages into the own queue of a session, page by page. */
final class RetainedPages {
    RetainedPages(RedisContext context, SessionNames names) {}

    CompletionStage<RetainedEnqueued> enqueue(Fence fence, RetainedStep step) {
        return failedFuture(new UnsupportedOperationException("enqueueRetained"));
    }
}
