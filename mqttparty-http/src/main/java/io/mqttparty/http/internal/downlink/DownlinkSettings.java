package io.mqttparty.http.internal.downlink;

import io.mqttparty.http.spi.DownlinkAuthenticator;
import java.time.Duration;

/**
 * How the downlink serves.
 *
 * @param authenticator who is served
 * @param authenticatorTimeout how long it may take; then it is a no
 * @param bodyBytes the largest body
 * @param openRequests how many may be open
 * @param timeout how long a device is waited for unless the request says something else
 * @param longestTimeout how long a request may let it be waited for
 * @param requestTopic where a request goes to unless it says something else; a template
 * @param replyTopic where the reply is expected unless the request says something else; a template
 */
public record DownlinkSettings(
        DownlinkAuthenticator authenticator,
        Duration authenticatorTimeout,
        int bodyBytes,
        int openRequests,
        Duration timeout,
        Duration longestTimeout,
        String requestTopic,
        String replyTopic) {}
