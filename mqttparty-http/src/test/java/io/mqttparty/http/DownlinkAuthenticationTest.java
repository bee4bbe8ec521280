package io.mqttparty.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.http.DownlinkScene.Answer;
import io.mqttparty.http.spi.DownlinkAuthenticator;
import io.mqttparty.http.spi.DownlinkCounter;
import io.mqttparty.http.spi.DownlinkRequest;
import io.mqttparty.http.spi.DownlinkResponse;
import io.mqttparty.model.Payload;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is served. */
class DownlinkAuthenticationTest {
    private static DownlinkScene tokens(String... tokens) {
        return new DownlinkScene(1, () -> {
            DownlinkHandler.Builder builder = DownlinkHandler.builder();
            List.of(tokens).forEach(builder::token);
            return builder;
        });
    }

    private static DownlinkScene asking(DownlinkAuthenticator authenticator) {
        return new DownlinkScene(1, () -> DownlinkHandler.builder().authenticator(authenticator));
    }

    private static CompletableFuture<DownlinkResponse> get(DownlinkScene scene, String path, String... authorization) {
        CompletableFuture<DownlinkResponse> answer = scene.handler(0)
                .handle(new DownlinkRequest(
                        "GET", path, "", Map.of("Authorization", List.of(authorization)), Payload.EMPTY))
                .toCompletableFuture();
        scene.cluster().clock().runUntilIdle();
        return answer;
    }

    private static Answer now(DownlinkScene scene, String... authorization) {
        return new Answer(get(scene, "/v1/clients", authorization).join());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer secret", "bearer secret", "BEARER secret", "Bearer next", "Bearer   secret"})
    void token_thatIsKnown_isServed(String authorization) {
        try (DownlinkScene scene = tokens("secret", "next")) {
            now(scene, authorization).has(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer wrong",
                "Bearer secre",
                "Bearer secrets",
                "Bearer Secret",
                "Bearer",
                "Bearer ",
                "secret",
                "Basic secret",
                "Basic c2VjcmV0OnNlY3JldA==",
                "",
                "Bearersecret",
                "Bearer secret, Bearer secret",
                "Bearer sécret"
            })
    void token_thatIsNot_401(String authorization) {
        try (DownlinkScene scene = tokens("secret")) {
            Answer answer = now(scene, authorization).isProblem(401, "unauthorized");

            assertThat(answer.response().headers()).containsEntry("www-authenticate", "Bearer realm=\"mqttparty\"");
            assertThat(scene.count(DownlinkCounter.UNAUTHORIZED)).isEqualTo(1);
        }
    }

    @Test
    void token_missingOrTwice_401() {
        try (DownlinkScene scene = tokens("secret")) {
            now(scene).isProblem(401, "unauthorized");
            now(scene, "Bearer secret", "Bearer secret").isProblem(401, "unauthorized");
        }
    }

    @ParameterizedTest // nothing is said of what there is to those who may not know
    @ValueSource(strings = {"/v1/clients/c", "/nowhere", "/openapi.json", "/v1/messages"})
    void withoutToken_anyPath_401(String path) {
        try (DownlinkScene scene = tokens("secret")) {
            new Answer(get(scene, path).join()).isProblem(401, "unauthorized");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/livez", "/readyz"})
    void withoutToken_health_isTold(String path) {
        try (DownlinkScene scene = tokens("secret")) {
            new Answer(get(scene, path).join()).has(200);
        }
    }

    @Test
    void authenticator_seesTheHeadAndDecides() {
        try (DownlinkScene scene =
                asking(head -> CompletableFuture.completedFuture(head.path().equals("/v1/clients")
                        && head.header("authorization").equals(List.of("x"))))) {
            now(scene, "x").has(200);
            now(scene, "y").isProblem(401, "unauthorized");
            new Answer(get(scene, "/v1/clients/c", "x").join()).isProblem(401, "unauthorized");
        }
    }

    @Test
    void authenticator_decidesLater_answerWaits() {
        CompletableFuture<Boolean> decision = new CompletableFuture<>();
        try (DownlinkScene scene = asking(head -> decision)) {
            CompletableFuture<DownlinkResponse> answer = get(scene, "/v1/clients");
            assertThat(answer).isNotDone();

            decision.complete(true);
            scene.cluster().clock().runUntilIdle();

            new Answer(answer.join()).has(200);
        }
    }

    @Test
    void authenticator_throwsFailsOrSaysNothing_isNoYes() {
        assertNotServed(head -> {
            throw new IllegalStateException("broken");
        });
        assertNotServed(head -> {
            throw new LinkageError("broken");
        });
        assertNotServed(head -> CompletableFuture.failedFuture(new IllegalStateException("broken")));
    }

    private static void assertNotServed(DownlinkAuthenticator authenticator) {
        try (DownlinkScene scene = asking(authenticator)) {
            Answer answer = now(scene).isProblem(503, "unavailable");

            assertThat(answer.body()).doesNotContain("broken");
            assertThat(scene.count(DownlinkCounter.AUTHENTICATOR_FAILURES)).isEqualTo(1);
        }
    }

    @Test
    void authenticator_completesWithNull_isANo() {
        try (DownlinkScene scene = asking(head -> CompletableFuture.completedFuture(null))) {
            now(scene).isProblem(401, "unauthorized");
        }
    }

    @Test
    void authenticator_neverDecides_isANoAfterFiveSeconds() {
        try (DownlinkScene scene = asking(head -> new CompletableFuture<>())) {
            CompletableFuture<DownlinkResponse> answer = get(scene, "/v1/clients");

            assertThat(answer).succeedsWithin(Duration.ofSeconds(7));
            new Answer(answer.join()).isProblem(503, "unavailable");
            assertThat(scene.count(DownlinkCounter.AUTHENTICATOR_FAILURES)).isEqualTo(1);
        }
    }
}
