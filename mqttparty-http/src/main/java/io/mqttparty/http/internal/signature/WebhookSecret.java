package io.mqttparty.http.internal.signature;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A key that the broker and a backend share. Nothing shows it again. */
public final class WebhookSecret {
    /** What a secret begins with; the rest is base64. */
    public static final String PREFIX = "whsec_";

    private static final String ALGORITHM = "HmacSHA256";
    private static final int LEAST_BYTES = 24;
    private static final int MOST_BYTES = 64;
    private static final String RULE =
            "(expected: " + PREFIX + " and the base64 of " + LEAST_BYTES + " to " + MOST_BYTES + " random bytes)";

    private final SecretKeySpec key;

    private WebhookSecret(byte[] key) {
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    /**
     * The secret of this text.
     *
     * @throws IllegalArgumentException if it is none; the message does not say what was given
     */
    public static WebhookSecret parse(String text) {
        if (!text.startsWith(PREFIX)) {
            throw new IllegalArgumentException("secret: without " + PREFIX + " " + RULE);
        }
        byte[] key;
        try {
            key = Base64.getDecoder().decode(text.substring(PREFIX.length()));
        } catch (IllegalArgumentException e) { // its message quotes a part of the secret
            throw new IllegalArgumentException("secret: not base64 " + RULE);
        }
        if (key.length < LEAST_BYTES || key.length > MOST_BYTES) {
            throw new IllegalArgumentException("secret: " + key.length + " bytes " + RULE);
        }
        return new WebhookSecret(key);
    }

    /** The authentication code of {@code id.seconds.body}; the position of the body does not move. */
    byte[] code(String id, String seconds, ByteBuffer body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update((id + '.' + seconds + '.').getBytes(UTF_8));
            mac.update(body.duplicate());
            return mac.doFinal();
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException(ALGORITHM + ": every Java platform has it", e);
        }
    }

    @Override
    public String toString() {
        return "WebhookSecret[hidden]";
    }
}
