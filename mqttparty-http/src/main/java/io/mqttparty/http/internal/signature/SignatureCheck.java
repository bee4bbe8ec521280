package io.mqttparty.http.internal.signature;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;

/** Compares signatures. Immutable. */
public final class SignatureCheck {
    /** A longer header is not looked at. */
    private static final int MOST_CHARACTERS = 4_096;

    private final List<WebhookSecret> secrets;

    /** With these secrets, of which one has to match. */
    public SignatureCheck(List<WebhookSecret> secrets) {
        this.secrets = List.copyOf(secrets);
    }

    /**
     * Whether one of the signatures is right. How long it takes says nothing about the secrets; it grows with the length of the body and the number of secrets.
     *
     * @param signatures the value of {@value WebhookSigner#SIGNATURE_HEADER}; those of versions that are not known are passed over
     */
    public boolean matches(String id, String seconds, ByteBuffer body, String signatures) {
        if (signatures.length() > MOST_CHARACTERS) {
            return false;
        }
        String[] given = signatures.split(" ", -1);
        boolean found = false;
        for (WebhookSecret secret : secrets) {
            String right = WebhookSigner.VERSION + Base64.getEncoder().encodeToString(secret.code(id, seconds, body));
            byte[] expected = right.getBytes(ISO_8859_1);
            for (String each : given) {
                found |= MessageDigest.isEqual(expected, each.getBytes(ISO_8859_1));
            }
        }
        return found;
    }
}
