package io.mqttparty.redis.internal.session;

import static java.util.concurrent.CompletableFuture.failedFuture;

import io.mqttparty.redis.internal.lane.RedisContext;
import io.mqttparty.spi.SessionStore.Swept;
import java.util.concurrent.CompletionStage;

/** Ends sessions whose time is over and finds wills that are due. */
final class Expiry {
    Expiry(RedisContext context, SessionNames names) {}

    CompletionStage<Swept> sweep(int max) {
        return failedFuture(new UnsupportedOperationException("sweep"));
    }
}
