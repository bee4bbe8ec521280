package io.mqttparty.http.internal.downlink;

import io.mqttparty.MqttParty;
import io.mqttparty.http.spi.DownlinkResponse;
import io.mqttparty.model.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** What is said of the node: whether it lives, whether clients may come, and what this API is. */
final class NodeEndpoints {
    private static final String OPENAPI = "/io/mqttparty/http/openapi.json";

    private final MqttParty broker;
    private final Payload openApi;

    NodeEndpoints(MqttParty broker) {
        this.broker = broker;
        this.openApi = openApi();
    }

    private static Payload openApi() {
        try (InputStream resource = NodeEndpoints.class.getResourceAsStream(OPENAPI)) {
            if (resource == null) {
                throw new IllegalStateException("resource: " + OPENAPI + " missing (expected: part of the jar)");
            }
            return Payload.copyOf(resource.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Call live(String query) {
        return fixed(query, () -> Answers.text(Answers.OK, "ok\n"));
    }

    Call ready(String query) {
        return fixed(
                query,
                () -> broker.isReady()
                        ? Answers.text(Answers.OK, "ready\n")
                        : Problem.UNAVAILABLE.response("the broker takes no clients"));
    }

    Call openApi(String query) {
        return fixed(query, () -> Answers.document("application/json", openApi));
    }

    private static Call fixed(String query, Supplier<DownlinkResponse> answer) {
        Parameters.parse(query, Set.of());
        return body -> CompletableFuture.completedFuture(answer.get());
    }
}
