package io.mqttparty.http.internal.signature;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The signature of Standard Webhooks, with the vector of its reference libraries. */
final class WebhookSignerTest {
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private static final long SECONDS = 1_614_265_330L;
    private static final String SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    private static ByteBuffer body() {
        return ByteBuffer.wrap("{\"test\": 2432232314}".getBytes(UTF_8));
    }

    private static WebhookSigner signer(String... secrets) {
        return new WebhookSigner(
                List.of(secrets).stream().map(WebhookSecret::parse).toList());
    }

    private static String secret(int bytes, int value) {
        byte[] key = new byte[bytes];
        Arrays.fill(key, (byte) value);
        return "whsec_" + Base64.getEncoder().encodeToString(key);
    }

    @Test
    void sign_vectorOfTheSpecification_isThatSignature() {
        assertThat(signer(SECRET).sign(ID, SECONDS, body())).isEqualTo(SIGNATURE);
    }

    @Test
    void sign_twoSecrets_bothSignInTheirOrder() {
        String other = secret(32, 7);

        assertThat(signer(other, SECRET).sign(ID, SECONDS, body()))
                .isEqualTo(signer(other).sign(ID, SECONDS, body()) + " " + SIGNATURE);
    }

    @Test
    void sign_readOnlyPartOfABuffer_onlyThatPartAndItsPositionStays() {
        ByteBuffer whole = ByteBuffer.wrap("xx{\"test\": 2432232314}yy".getBytes(UTF_8));
        whole.position(2).limit(whole.capacity() - 2);
        ByteBuffer part = whole.asReadOnlyBuffer();

        assertThat(signer(SECRET).sign(ID, SECONDS, part)).isEqualTo(SIGNATURE);
        assertThat(part.position()).isEqualTo(2);
    }

    @Test
    void sign_eachPartCounts() {
        String empty = signer(SECRET).sign(ID, SECONDS, ByteBuffer.allocate(0));

        assertThat(List.of(
                        SIGNATURE,
                        empty,
                        signer(SECRET).sign(ID + "x", SECONDS, body()),
                        signer(SECRET).sign(ID, SECONDS + 1, body()),
                        signer(secret(24, 1)).sign(ID, SECONDS, body())))
                .doesNotHaveDuplicates();
    }

    @Test
    void signer_noSecret_isRefused() {
        assertThatThrownBy(() -> new WebhookSigner(List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("secrets: none");
    }

    @ParameterizedTest
    @ValueSource(ints = {24, 32, 64})
    void secret_24To64Bytes_isTaken(int bytes) {
        assertThat(signer(secret(bytes, 1)).sign(ID, SECONDS, body())).startsWith("v1,");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "whsec_",
                "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa%w",
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n",
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa=="
            })
    void secret_bad_isRefusedAndNotSaid(String text) {
        assertThatThrownBy(() -> WebhookSecret.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("secret: ")
                .hasMessageContaining("(expected: whsec_")
                .hasMessageNotContaining("MfKQ")
                .hasNoCause();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 23, 65, 1_000})
    void secret_otherLengths_areRefused(int bytes) {
        assertThatThrownBy(() -> WebhookSecret.parse(secret(bytes, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("secret: " + bytes + " bytes");
    }

    @Test
    void secret_toString_doesNotShowIt() {
        assertThat(WebhookSecret.parse(SECRET)).hasToString("WebhookSecret[hidden]");
        assertThat(signer(SECRET).toString()).doesNotContain("MfKQ");
    }
}
