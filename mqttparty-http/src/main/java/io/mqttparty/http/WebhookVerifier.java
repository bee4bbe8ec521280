package io.mqttparty.http;

import static io.mqttparty.http.Arguments.once;

import io.mqttparty.http.internal.signature.SignatureCheck;
import io.mqttparty.http.internal.signature.WebhookSecret;
import io.mqttparty.http.internal.signature.WebhookSigner;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checks in the backend that a request comes from the broker and was not sent before: the signature of Standard Webhooks. It needs the body as it came, before anything
 * has parsed it.
 *
 * <pre>{@code
 * WebhookVerifier verifier = WebhookVerifier.builder().secret(System.getenv("WEBHOOK_SECRET")).build();
 * …
 * if (verifier.verify(request::getHeader, body) != WebhookVerifier.Result.VALID) {
 *     response.setStatus(401);
 *     return;
 * }
 * }</pre>
 *
 * <p>A request that is valid may come twice, since the broker tries again when an answer is lost: its {@code webhook-id} is the same then. Immutable, for any number
 * of threads.
 */
public final class WebhookVerifier {
    /** How far the time of a request may be from the clock unless set: 5 minutes. */
    public static final Duration DEFAULT_TOLERANCE = Duration.ofMinutes(5);

    private static final int MOST_ID_CHARACTERS = 256;
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,11}");

    private final SignatureCheck check;
    private final long toleranceSeconds;
    private final InstantSource clock;

    private WebhookVerifier(SignatureCheck check, Duration tolerance, InstantSource clock) {
        this.check = check;
        this.toleranceSeconds = tolerance.toSeconds();
        this.clock = clock;
    }

    /** Begins the description of a verifier. */
    public static Builder builder() {
        return new Builder();
    }

    /** What a check found. */
    public enum Result {
        /** The request is from the broker, and new enough. */
        VALID,
        /** {@code webhook-id}, {@code webhook-timestamp} or {@code webhook-signature} is missing. */
        HEADER_MISSING,
        /** {@code webhook-id} or {@code webhook-timestamp} is not what the broker sends. */
        HEADER_MALFORMED,
        /** It was signed longer ago than the tolerance: sent once more by somebody who had listened, or a clock is wrong. */
        TOO_OLD,
        /** It was signed later than the tolerance from now: a clock is wrong. */
        TOO_NEW,
        /** No signature fits a secret, id, time and body. */
        SIGNATURE_MISMATCH
    }

    /**
     * Checks a request.
     *
     * @param header the value of the header with this name, which is in lower case; {@code null} if it is missing
     * @param body all bytes of the body as they came; they are only read
     */
    public Result verify(Function<String, @Nullable String> header, byte[] body) {
        return verify(header, ByteBuffer.wrap(body));
    }

    /**
     * Checks a request.
     *
     * @param header the value of the header with this name, which is in lower case; {@code null} if it is missing
     * @param body what remains of the buffer: the body as it came; its position does not move
     */
    public Result verify(Function<String, @Nullable String> header, ByteBuffer body) {
        String id = header.apply(WebhookSigner.ID_HEADER);
        String timestamp = header.apply(WebhookSigner.TIMESTAMP_HEADER);
        String signature = header.apply(WebhookSigner.SIGNATURE_HEADER);
        if (id == null || timestamp == null || signature == null) {
            return Result.HEADER_MISSING;
        }
        // With a full stop in it, an id could take the place of id and time of another request.
        if (id.isEmpty()
                || id.length() > MOST_ID_CHARACTERS
                || id.indexOf('.') >= 0
                || !SECONDS.matcher(timestamp).matches()) {
            return Result.HEADER_MALFORMED;
        }
        if (!check.matches(id, timestamp, body, signature)) {
            return Result.SIGNATURE_MISMATCH;
        }
        long age = clock.instant().getEpochSecond() - Long.parseLong(timestamp);
        return age > toleranceSeconds ? Result.TOO_OLD : age < -toleranceSeconds ? Result.TOO_NEW : Result.VALID;
    }

    /** Describes a verifier. Each method checks its value and returns this builder. Not for use by several threads. */
    public static final class Builder {
        private final List<WebhookSecret> secrets = new ArrayList<>();
        private @Nullable Duration tolerance;
        private @Nullable InstantSource clock;

        private Builder() {}

        /**
         * A secret that the broker may sign with: {@code whsec_} and base64 of 24 to 64 bytes. At least one; while the broker goes over from one to the next, both.
         *
         * @throws IllegalArgumentException if it is none; the message does not say what was given
         */
        public Builder secret(String secret) {
            secrets.add(WebhookSecret.parse(secret));
            return this;
        }

        /** How far the time of a request may be from the clock, in whole seconds. Otherwise {@link #DEFAULT_TOLERANCE}. */
        public Builder tolerance(Duration value) {
            if (value.toSeconds() < 1) {
                throw new IllegalArgumentException("tolerance: " + value + " (expected: at least PT1S)");
            }
            tolerance = once("tolerance", tolerance, value);
            return this;
        }

        /** The time of day. Otherwise the system's. */
        public Builder clock(InstantSource value) {
            clock = once("clock", clock, value);
            return this;
        }

        /**
         * The verifier.
         *
         * @throws IllegalStateException if there is no secret
         */
        public WebhookVerifier build() {
            if (secrets.isEmpty()) {
                throw new IllegalStateException("secret: none (expected: at least one)");
            }
            return new WebhookVerifier(
                    new SignatureCheck(secrets),
                    tolerance == null ? DEFAULT_TOLERANCE : tolerance,
                    clock == null ? InstantSource.system() : clock);
        }
    }
}
