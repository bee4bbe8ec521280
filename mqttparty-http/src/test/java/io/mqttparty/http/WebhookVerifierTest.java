package io.mqttparty.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttparty.http.WebhookVerifier.Result;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WebhookVerifierTest {
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String OTHER_SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    private static final long SECONDS = 1_614_265_330L;
    private static final String SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    private static final byte[] BODY = "{\"test\": 2432232314}".getBytes(UTF_8);

    private final Map<String, String> headers = new HashMap<>(Map.of(
            "webhook-id",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "webhook-timestamp",
            "" + SECONDS,
            "webhook-signature",
            SIGNATURE));
    private long now = SECONDS;

    private WebhookVerifier.Builder builder() {
        return WebhookVerifier.builder().clock(() -> Instant.ofEpochSecond(now));
    }

    private Result verify() {
        return builder().secret(SECRET).build().verify(headers::get, BODY);
    }

    // ---- yes ----

    @Test
    void verify_vectorOfTheSpecification_isValid() {
        assertThat(verify()).isEqualTo(Result.VALID);
    }

    @Test
    void verify_buffer_isValidAndItsPositionStays() {
        ByteBuffer body = ByteBuffer.wrap(BODY).asReadOnlyBuffer();

        assertThat(builder().secret(SECRET).build().verify(headers::get, body)).isEqualTo(Result.VALID);
        assertThat(body.remaining()).isEqualTo(BODY.length);
    }

    @Test
    void verify_twoSecrets_eitherIsEnough() {
        assertThat(builder().secret(OTHER_SECRET).secret(SECRET).build().verify(headers::get, BODY))
                .isEqualTo(Result.VALID);
    }

    @Test
    void verify_severalSignatures_oneIsEnough() {
        headers.put("webhook-signature", "v1a,aaaa v1,bm9wZQ== " + SIGNATURE + " v2,zzzz");

        assertThat(verify()).isEqualTo(Result.VALID);
    }

    // ---- no ----

    @ParameterizedTest
    @ValueSource(strings = {"webhook-id", "webhook-timestamp", "webhook-signature"})
    void verify_headerMissing_saysSo(String name) {
        headers.remove(name);

        assertThat(verify()).isEqualTo(Result.HEADER_MISSING);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "now", "-1614265330", "+1614265330", "1614265330.0", "0x60377", "161426533012", "١٦١٤"})
    void verify_timestampMalformed_saysSo(String timestamp) {
        headers.put("webhook-timestamp", timestamp);

        assertThat(verify()).isEqualTo(Result.HEADER_MALFORMED);
    }

    @Test
    void verify_idMalformed_saysSo() {
        for (String id : new String[] {"", "x".repeat(257), "msg.1614265330"}) {
            headers.put("webhook-id", id);
            assertThat(verify()).as(id).isEqualTo(Result.HEADER_MALFORMED);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "v1,",
                "v1",
                "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE",
                "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OF=",
                "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=,",
                "V1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                "v1=g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                "v1,ű0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
            })
    void verify_signatureWrong_isMismatch(String signature) {
        headers.put("webhook-signature", signature);

        assertThat(verify()).isEqualTo(Result.SIGNATURE_MISMATCH);
    }

    @Test
    void verify_headerOfManySignatures_isNotLookedAt() {
        headers.put("webhook-signature", "v1,x ".repeat(1_000) + SIGNATURE);

        assertThat(verify()).isEqualTo(Result.SIGNATURE_MISMATCH);
    }

    @Test
    void verify_anyByteOfTheBodyChanged_isMismatch() {
        for (int i = 0; i < BODY.length; i++) {
            byte[] changed = BODY.clone();
            changed[i] ^= 1;
            assertThat(builder().secret(SECRET).build().verify(headers::get, changed))
                    .isEqualTo(Result.SIGNATURE_MISMATCH);
        }
    }

    @Test
    void verify_otherIdOrTimeOrSecret_isMismatch() {
        headers.put("webhook-id", "msg_other");
        assertThat(verify()).isEqualTo(Result.SIGNATURE_MISMATCH);

        headers.put("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek");
        headers.put("webhook-timestamp", "" + (SECONDS + 1));
        assertThat(verify()).isEqualTo(Result.SIGNATURE_MISMATCH);

        headers.put("webhook-timestamp", "" + SECONDS);
        assertThat(builder().secret(OTHER_SECRET).build().verify(headers::get, BODY))
                .isEqualTo(Result.SIGNATURE_MISMATCH);
    }

    @Test
    void verify_atTheToleranceAndBeyond() {
        now = SECONDS + 300;
        assertThat(verify()).isEqualTo(Result.VALID);
        now = SECONDS + 301;
        assertThat(verify()).isEqualTo(Result.TOO_OLD);
        now = SECONDS - 300;
        assertThat(verify()).isEqualTo(Result.VALID);
        now = SECONDS - 301;
        assertThat(verify()).isEqualTo(Result.TOO_NEW);

        WebhookVerifier strict =
                builder().secret(SECRET).tolerance(Duration.ofSeconds(1)).build();
        now = SECONDS + 2;
        assertThat(strict.verify(headers::get, BODY)).isEqualTo(Result.TOO_OLD);
    }

    // ---- the builder ----

    @Test
    void builder_badValues_areRefused() {
        assertThatThrownBy(() -> WebhookVerifier.builder().build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("secret: none");
        assertThatThrownBy(() -> WebhookVerifier.builder().secret("password"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("secret: ")
                .hasMessageNotContaining("password");
        assertThatThrownBy(() -> WebhookVerifier.builder().tolerance(Duration.ofMillis(999)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tolerance: PT0.999S (expected: at least PT1S)");
        assertThatThrownBy(() -> WebhookVerifier.builder()
                        .tolerance(Duration.ofSeconds(1))
                        .tolerance(Duration.ofSeconds(2)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("tolerance: ");
        assertThatThrownBy(() -> builder().clock(Instant::now))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("clock: ");
    }

    @Test
    void toString_doesNotShowTheSecret() {
        assertThat(builder().secret(SECRET).build().toString()).doesNotContain("MfKQ");
    }
}
