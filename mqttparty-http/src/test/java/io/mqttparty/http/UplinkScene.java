package io.mqttparty.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.MqttParty;
import io.mqttparty.MqttPartyBuilder;
import io.mqttparty.http.internal.client.ClockTimers;
import io.mqttparty.http.internal.client.FakeHttpClient;
import io.mqttparty.http.spi.HttpCounter;
import io.mqttparty.http.spi.HttpListener;
import io.mqttparty.model.ClientId;
import io.mqttparty.model.TopicName;
import io.mqttparty.testkit.FakeClock;
import io.mqttparty.testkit.LoopbackTransport;
import io.mqttparty.testkit.TestClient;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A whole broker with an uplink, and a backend that is the test itself: no socket, no thread, and a clock that stands still. */
final class UplinkScene implements AutoCloseable {
    final FakeClock clock = FakeClock.create();
    final FakeHttpClient backend = new FakeHttpClient();
    final List<String> events = new ArrayList<>();
    final HttpUpstream upstream;
    final MqttParty broker;
    private final LoopbackTransport transport = LoopbackTransport.create(clock);

    private UplinkScene(UnaryOperator<HttpUpstreamBuilder> choice, Consumer<MqttPartyBuilder> brokerChoice) {
        HttpUpstreamBuilder described = HttpUpstream.builder()
                .httpClient(backend)
                .timers(new ClockTimers(clock))
                .clock(clock)
                .random(new Random(5))
                .listener(new Recorder());
        upstream = choice.apply(described).build();
        MqttPartyBuilder builder = MqttParty.builder()
                .listener(transport)
                .allowAnonymous()
                .clock(clock)
                .random(new Random(3))
                .extension(upstream);
        brokerChoice.accept(builder);
        broker = builder.build();
        CompletableFuture<MqttParty> started = broker.start().toCompletableFuture();
        clock.runUntilIdle();
        assertThat(started).isCompleted();
    }

    /** A route for all messages. */
    static UplinkScene of(UnaryOperator<HttpRouteBuilder> route) {
        return with(builder -> builder.route(route.apply(route()).build()));
    }

    static UplinkScene with(UnaryOperator<HttpUpstreamBuilder> choice) {
        return with(choice, builder -> {});
    }

    static UplinkScene with(UnaryOperator<HttpUpstreamBuilder> choice, Consumer<MqttPartyBuilder> brokerChoice) {
        return new UplinkScene(choice, brokerChoice);
    }

    static HttpRouteBuilder route() {
        return HttpRoute.builder("up/#", "http://backend:8080/v1/{clientId}");
    }

    TestClient client(String id) {
        return TestClient.connected(transport.connect(), id);
    }

    TestClient persistent(String id, boolean sessionPresent) {
        return TestClient.connect(transport.connect(), c -> c.clientId(id).cleanSession(false))
                .expectConnack(0, sessionPresent);
    }

    FakeHttpClient.Exchange request(int number) {
        return backend.exchange(number);
    }

    /** Bodies of the requests that are open. */
    List<String> openBodies() {
        return backend.open().stream().map(FakeHttpClient.Exchange::body).toList();
    }

    List<String> allBodies() {
        return backend.exchanges().stream().map(FakeHttpClient.Exchange::body).toList();
    }

    long count(HttpCounter counter) {
        return upstream.count(counter);
    }

    void advance(Duration duration) {
        clock.advance(duration);
    }

    void advanceMillis(long millis) {
        clock.advance(Duration.ofMillis(millis));
    }

    @Override
    public void close() {
        CompletableFuture<Void> stopped = broker.stop().toCompletableFuture();
        clock.advance(Duration.ofSeconds(6));
        assertThat(stopped).isCompleted();
        assertThat(upstream.backlog()).isZero();
        assertThat(backend.open()).isEmpty();
        transport.close();
    }

    private final class Recorder implements HttpListener {
        @Override
        public void onRefused(ClientId client, TopicName topic, String id, int status) {
            events.add("refused " + client + " " + topic + " " + status);
        }

        @Override
        public void onGivenUp(ClientId client, TopicName topic, String id, int tries, String reason) {
            events.add("given up " + client + " " + topic + " after " + tries + ": " + reason);
        }

        @Override
        public void onReplyLost(ClientId client, TopicName topic, String id, String reason) {
            events.add("reply lost " + client + " " + topic + ": " + reason);
        }

        @Override
        public void onBreakerOpened(URI origin) {
            events.add("open " + origin);
        }

        @Override
        public void onBreakerClosed(URI origin) {
            events.add("closed " + origin);
        }
    }
}
