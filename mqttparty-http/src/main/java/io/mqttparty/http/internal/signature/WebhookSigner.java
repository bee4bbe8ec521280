package io.mqttparty.http.internal.signature;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;

/** Signs requests with all secrets that are valid, so that a backend can go over from one to the next. Immutable. */
public final class WebhookSigner {
    /** The header with the id of the message: the same for every attempt. */
    public static final String ID_HEADER = "webhook-id";

    /** The header with the time of the attempt, in seconds since 1970 UTC. */
    public static final String TIMESTAMP_HEADER = "webhook-timestamp";

    /** The header with the signatures, separated by a space. */
    public static final String SIGNATURE_HEADER = "webhook-signature";

    static final String VERSION = "v1,";

    private final List<WebhookSecret> secrets;

    /**
     * With these secrets, of which a backend needs one.
     *
     * @throws IllegalArgumentException if there is none
     */
    public WebhookSigner(List<WebhookSecret> secrets) {
        if (secrets.isEmpty()) {
            throw new IllegalArgumentException("secrets: none (expected: at least one)");
        }
        this.secrets = List.copyOf(secrets);
    }

    /**
     * The value of {@value #SIGNATURE_HEADER}.
     *
     * @param id the value of {@value #ID_HEADER}, without a full stop
     * @param seconds the value of {@value #TIMESTAMP_HEADER}
     * @param body what is sent; its position does not move
     */
    public String sign(String id, long seconds, ByteBuffer body) {
        String time = Long.toString(seconds);
        StringBuilder header = new StringBuilder(48 * secrets.size());
        for (WebhookSecret secret : secrets) {
            if (header.length() > 0) {
                header.append(' ');
            }
            header.append(VERSION).append(Base64.getEncoder().encodeToString(secret.code(id, time, body)));
        }
        return header.toString();
    }
}
