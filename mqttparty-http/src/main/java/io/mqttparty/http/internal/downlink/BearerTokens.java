package io.mqttparty.http.internal.downlink;

import io.mqttparty.http.spi.DownlinkAuthenticator;
import io.mqttparty.http.spi.DownlinkRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Serves who sends one of these tokens (RFC 6750, section 2.1). How long it takes to say no tells nothing of the tokens but their length. */
public final class BearerTokens implements DownlinkAuthenticator {
    private static final String SCHEME = "Bearer ";

    private final List<byte[]> tokens;

    /** These tokens; any of them will do. */
    public BearerTokens(List<String> tokens) {
        this.tokens = tokens.stream()
                .map(token -> token.getBytes(StandardCharsets.US_ASCII))
                .toList();
    }

    @Override
    public CompletionStage<Boolean> authenticate(DownlinkRequest head) {
        return CompletableFuture.completedFuture(isKnown(head.header("authorization")));
    }

    private boolean isKnown(List<String> authorization) {
        if (authorization.size() != 1) {
            return false;
        }
        String value = authorization.get(0);
        if (!value.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return false;
        }
        byte[] given = value.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8);
        boolean known = false;
        for (byte[] token : tokens) {
            known |= MessageDigest.isEqual(token, given);
        }
        return known;
    }
}
