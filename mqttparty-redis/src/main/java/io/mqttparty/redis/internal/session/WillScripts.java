package io.mqttparty.redis.internal.session;

import static java.util.concurrent.CompletableFuture.failedFuture;

import io.mqttparty.model.ClientId;
import io.mqttparty.redis.internal.lane.RedisContext;
import io.mqttparty.spi.SessionStore.Fired;
import io.mqttparty.spi.Targets;
import java.util.concurrent.CompletionStage;

/** Publishes pending wills, each once. */
final class WillScripts {
    WillScripts(RedisContext context) {}

    CompletionStage<Boolean> retain(ClientId client, long epoch) {
        return failedFuture(new UnsupportedOperationException("retainWill"));
    }

    CompletionStage<Fired> fire(ClientId client, long epoch, Targets targets) {
        return failedFuture(new UnsupportedOperationException("fireWill"));
    }
}
