package io.mqttparty.http.spi;

import java.util.concurrent.CompletionStage;

/**
 * Decides whether a request of the downlink is served. A stage that fails, a call that throws and one that takes longer than 5 seconds mean that it
 * is not, as does {@code false}.
 */
@FunctionalInterface
public interface DownlinkAuthenticator {
    /**
     * Whether the request is served. Called on threads of the HTTP server, which it must not block.
     *
     * @param head the request without its body, which is read only once it is known that it may be sent
     */
    CompletionStage<Boolean> authenticate(DownlinkRequest head);
}
