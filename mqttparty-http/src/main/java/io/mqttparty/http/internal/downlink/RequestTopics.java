package io.mqttparty.http.internal.downlink;

import io.mqttparty.model.ClientId;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * Where a request goes to and where its reply comes from: {@code {clientId}} and {@code {correlation}} in both are replaced. The correlation is
 * new for each request, so that no reply is taken for that to another one.
 */
final class RequestTopics {
    static final String CLIENT_ID = "{clientId}";
    static final String CORRELATION = "{correlation}";

    private static final int CORRELATION_BYTES = 12;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final ClientId client;
    private final String correlation;

    /** For one request to this client. */
    RequestTopics(ClientId client) {
        this.client = client;
        this.correlation = newCorrelation();
    }

    /** 16 characters that may stand in a topic level. */
    private static String newCorrelation() {
        byte[] bytes = new byte[CORRELATION_BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The correlation first: a client id that looks like a placeholder stays what it is. */
    String fill(String template) {
        return template.replace(CORRELATION, correlation).replace(CLIENT_ID, client.value());
    }
}
