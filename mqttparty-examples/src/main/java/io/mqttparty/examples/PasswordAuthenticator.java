package io.mqttparty.examples;

import io.mqttparty.model.Payload;
import io.mqttparty.model.ReasonCode;
import io.mqttparty.spi.Authenticator;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * An own {@link Authenticator}: a fixed set of users with passwords. It answers at once, so it may do so on the event loop. One that asks a
 * database, or computes a slow hash such as Argon2 (which is right for passwords that people choose), returns a stage that another executor
 * completes.
 */
public final class PasswordAuthenticator implements Authenticator {
    /** Compared when there is no such user, so that the time tells nothing; no password has this digest. */
    private static final byte[] NO_PASSWORD = new byte[32];

    private final Map<String, byte[]> digests = new HashMap<>();

    /** These users: the password of each name. */
    public PasswordAuthenticator(Map<String, String> passwords) {
        passwords.forEach((name, password) -> digests.put(name, sha256(password.getBytes(StandardCharsets.UTF_8))));
    }

    @Override
    public CompletionStage<Result> authenticate(Request request) {
        byte[] given = sha256(request.password().orElse(Payload.EMPTY).toByteArray());
        byte[] expected = request.client()
                .username()
                .map(name -> digests.getOrDefault(name, NO_PASSWORD))
                .orElse(NO_PASSWORD);
        // Digests of one length, compared in a time that does not depend on where they differ.
        boolean right =
                MessageDigest.isEqual(expected, given) && request.password().isPresent();
        return CompletableFuture.completedFuture(
                right ? Result.accepted() : Result.refused(ReasonCode.BAD_USER_NAME_OR_PASSWORD));
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
