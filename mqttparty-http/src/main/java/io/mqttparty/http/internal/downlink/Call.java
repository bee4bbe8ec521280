package io.mqttparty.http.internal.downlink;

import io.mqttparty.http.spi.DownlinkResponse;
import io.mqttparty.model.Payload;
import java.util.concurrent.CompletableFuture;

/** What a request asks for, without its body, which may still be on its way. */
@FunctionalInterface
interface Call {
    /** Does it. May fail with whatever the broker fails with; who cancels the future waits no more. */
    CompletableFuture<DownlinkResponse> run(Payload body);
}
