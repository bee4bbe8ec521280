package io.mqttparty.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttparty.http.WebhookVerifier.Result;
import io.mqttparty.http.internal.client.FakeHttpClient.Exchange;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Requests that are signed, checked with what a backend would use. */
final class UplinkSignatureTest {
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String NEXT_SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

    private static Result check(UplinkScene scene, Exchange request, String secret) {
        return WebhookVerifier.builder()
                .secret(secret)
                .clock(scene.clock)
                .build()
                .verify(
                        name -> request.request().headers().firstValue(name).orElse(null),
                        request.body().getBytes(UTF_8));
    }

    @Test
    void request_isSignedWithEachSecret() {
        try (UplinkScene scene = UplinkScene.with(builder -> builder.secret(SECRET)
                .secret(NEXT_SECRET)
                .route(UplinkScene.route().build()))) {
            scene.client("c").publish("up/x", "hello", 1, 1);
            Exchange request = scene.request(0);

            assertThat(check(scene, request, SECRET)).isEqualTo(Result.VALID);
            assertThat(check(scene, request, NEXT_SECRET)).isEqualTo(Result.VALID);
            assertThat(check(scene, request, "whsec_" + "A".repeat(32))).isEqualTo(Result.SIGNATURE_MISMATCH);
            assertThat(request.header("webhook-id")).isEqualTo(request.header("ce-id"));
            request.answer(204);
        }
    }

    @Test
    void nextTry_hasTheSameIdAndItsOwnTime() {
        HttpRoute patient = UplinkScene.route()
                .backoff(Duration.ofSeconds(4), Duration.ofSeconds(4))
                .build();
        try (UplinkScene scene =
                UplinkScene.with(builder -> builder.secret(SECRET).route(patient))) {
            scene.client("c").publish("up/x", "hello", 1, 1);
            scene.request(0).answer(503);
            scene.advance(Duration.ofSeconds(4));

            assertThat(scene.request(1).header("webhook-id"))
                    .isEqualTo(scene.request(0).header("webhook-id"));
            assertThat(scene.request(1).header("webhook-timestamp"))
                    .isNotEqualTo(scene.request(0).header("webhook-timestamp"));
            assertThat(check(scene, scene.request(1), SECRET)).isEqualTo(Result.VALID);
            scene.request(1).answer(204);
        }
    }

    @Test
    void noSecret_noSignature() {
        try (UplinkScene scene = UplinkScene.of(route -> route)) {
            scene.client("c").publish("up/x", "hello", 1, 1);

            assertThat(scene.request(0).request().headers().map().keySet())
                    .noneMatch(name -> name.startsWith("webhook-"));
            scene.request(0).answer(204);
        }
    }

    @Test
    void secret_bad_isRefusedAndNotSaid() {
        assertThatThrownBy(() -> HttpUpstream.builder().secret("password"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("secret: ")
                .hasMessageNotContaining("password");
    }
}
