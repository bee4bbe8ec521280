package io.mqttparty.redis.internal.session;

import static java.util.concurrent.CompletableFuture.failedFuture;

import io.mqttparty.redis.internal.lane.RedisContext;
import io.mqttparty.spi.Fence;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.SessionStore.Qos2In;
import io.mqttparty.spi.SessionStore.Qos2Publish;
import io.mqttparty.spi.SessionStore.Qos2Published;
import java.util.concurrent.CompletionStage;

/** QoS 2 from a publisher, exactly once. */
final class InboundQos2Scripts {
    InboundQos2Scripts(RedisContext context) {}

    CompletionStage<FenceResult> beginRetained(Fence publisher, Qos2Publish publish) {
        return failedFuture(new UnsupportedOperationException("beginQos2Retained"));
    }

    CompletionStage<Qos2Published> publish(Fence publisher, Qos2Publish publish) {
        return failedFuture(new UnsupportedOperationException("publishQos2"));
    }

    CompletionStage<FenceResult> step(Fence publisher, int packetId, Qos2In step) {
        return failedFuture(new UnsupportedOperationException("qos2In"));
    }
}
