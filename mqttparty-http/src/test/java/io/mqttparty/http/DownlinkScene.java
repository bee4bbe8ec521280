package io.mqttparty.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.http.spi.DownlinkCounter;
import io.mqttparty.http.spi.DownlinkRequest;
import io.mqttparty.http.spi.DownlinkResponse;
import io.mqttparty.model.Limits;
import io.mqttparty.model.Payload;
import io.mqttparty.testkit.cluster.ClusterNode;
import io.mqttparty.testkit.cluster.ClusterScene;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Brokers over the loopback transport, each with a handler of the downlink, on the thread and the clock of the test. */
final class DownlinkScene implements AutoCloseable {
    private final List<DownlinkHandler> handlers = new ArrayList<>();
    private final ClusterScene cluster;

    DownlinkScene(int nodes) {
        this(nodes, () -> DownlinkHandler.builder().allowUnauthenticated());
    }

    DownlinkScene(int nodes, Supplier<DownlinkHandler.Builder> builder) {
        this.cluster = ClusterScene.of(nodes, parts -> {
            DownlinkHandler handler = builder.get().build();
            handlers.add(handler);
            parts.allowAnonymous()
                    .limits(Limits.DEFAULTS.withTopicBytes(100).withTopicSeparators(10))
                    .extension(handler);
        });
    }

    ClusterScene cluster() {
        return cluster;
    }

    ClusterNode node(int index) {
        return cluster.node(index);
    }

    DownlinkHandler handler(int node) {
        return handlers.get(node);
    }

    long count(DownlinkCounter counter) {
        return handlers.get(0).count(counter);
    }

    void advance(Duration time) {
        cluster.advance(time);
    }

    /** The answer of the first node, which must be there at once. */
    Answer now(String method, String target) {
        return now(method, target, "");
    }

    Answer now(String method, String target, String body) {
        return new Answer(cluster.now(begin(0, method, target, body)));
    }

    /** A request to a node that may have to wait. */
    CompletableFuture<DownlinkResponse> begin(int node, String method, String target, String body) {
        CompletableFuture<DownlinkResponse> answer = handlers.get(node)
                .handle(DownlinkRequest.of(method, target, Map.of(), Payload.utf8(body)))
                .toCompletableFuture();
        cluster.clock().runUntilIdle();
        return answer;
    }

    @Override
    public void close() {
        cluster.close();
        handlers.forEach(handler -> assertThat(handler.openRequests()).isZero());
    }

    /** What came back. */
    record Answer(DownlinkResponse response) {
        Answer has(int status) {
            assertThat(response.status()).as(body()).isEqualTo(status);
            return this;
        }

        Answer isProblem(int status, String type) {
            has(status);
            assertThat(response.headers()).containsEntry("content-type", "application/problem+json");
            assertThat(json())
                    .containsEntry("type", "urn:mqttparty:problem:" + type)
                    .containsEntry("status", (long) status)
                    .containsKeys("title", "detail");
            return this;
        }

        Answer says(String name, Object value) {
            assertThat(json()).containsEntry(name, value);
            return this;
        }

        Answer details(String part) {
            assertThat(json().get("detail").toString()).contains(part);
            return this;
        }

        Map<String, Object> json() {
            return Json.object(body());
        }

        String body() {
            return response.body().asUtf8String();
        }
    }
}
