package io.mqttparty.testkit.robustness;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.MqttParty;
import io.mqttparty.MqttPartyBuilder;
import io.mqttparty.model.Limits;
import io.mqttparty.spi.Counter;
import io.mqttparty.spi.DropReason;
import io.mqttparty.testkit.FakeClock;
import io.mqttparty.testkit.LoopbackConnection;
import io.mqttparty.testkit.LoopbackTransport;
import io.mqttparty.testkit.RecordingListener;
import io.mqttparty.testkit.TestClient;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A whole broker without socket, thread or sleep, and beside whatever happens to it an innocent client that must not notice. {@link #close()}
 * stops the broker in order and checks that nothing is left.
 */
final class Scene implements AutoCloseable {
    private final FakeClock clock = FakeClock.create();
    private final RecordingListener events = new RecordingListener();
    private final LoopbackTransport transport;
    private final MqttParty broker;
    private final TestClient innocent;
    private int turns;

    private Scene(int eventLoops, Consumer<MqttPartyBuilder> choice) {
        transport = LoopbackTransport.create(clock, eventLoops);
        MqttPartyBuilder builder = MqttParty.builder()
                .listener(transport)
                .brokerListener(events)
                .clock(clock)
                .random(new Random(7));
        choice.accept(builder);
        broker = builder.build();
        CompletableFuture<MqttParty> started = broker.start().toCompletableFuture();
        clock.runUntilIdle();
        assertThat(started).isCompleted();
        innocent = client("innocent").subscribed("innocent/+", 1);
    }

    static Scene start() {
        return start(MqttPartyBuilder::allowAnonymous);
    }

    /** A broker for everybody with other limits. */
    static Scene limited(UnaryOperator<Limits> change) {
        return start(b -> b.allowAnonymous().limits(change.apply(Limits.DEFAULTS)));
    }

    static Scene start(Consumer<MqttPartyBuilder> choice) {
        return start(1, choice);
    }

    static Scene start(int eventLoops, Consumer<MqttPartyBuilder> choice) {
        return new Scene(eventLoops, choice);
    }

    // ---- clients ----

    LoopbackConnection connection() {
        return transport.connect();
    }

    /** A client that has sent nothing yet. */
    TestClient raw() {
        return TestClient.over(connection());
    }

    /** A connected client with a clean session. */
    TestClient client(String clientId) {
        return TestClient.connected(connection(), clientId);
    }

    /** A connected client with a persistent session that is new. */
    TestClient persistent(String clientId) {
        return TestClient.connect(connection(), c -> c.clientId(clientId).cleanSession(false))
                .expectConnack(0, false);
    }

    /** A connected client that has resumed its session. */
    TestClient resumed(String clientId) {
        return TestClient.connect(connection(), c -> c.clientId(clientId).cleanSession(false))
                .expectConnack(0, true);
    }

    static LoopbackConnection connectionOf(TestClient client) {
        return (LoopbackConnection) client.pipe();
    }

    // ---- time, counters, events ----

    void advance(Duration duration) {
        clock.advance(duration);
    }

    void advanceSeconds(double seconds) {
        clock.advance(Duration.ofNanos((long) (seconds * 1e9)));
    }

    long count(Counter counter) {
        return broker.count(counter);
    }

    long count(DropReason reason) {
        return broker.count(reason);
    }

    RecordingListener events() {
        return events;
    }

    MqttParty broker() {
        return broker;
    }

    FakeClock clock() {
        return clock;
    }

    LoopbackTransport transport() {
        return transport;
    }

    /** The client that has been there all the time still publishes, receives and is answered. */
    void assertOthersGoOn() {
        String payload = "turn " + ++turns;
        innocent.published("innocent/t", payload, 1);
        int packetId = innocent.expectPublish("innocent/t", payload, 1).packetId();
        innocent.puback(packetId).pingreq().expectPingresp().expectNothing();
    }

    @Override
    public void close() {
        CompletableFuture<Void> stopped = broker.stop().toCompletableFuture();
        clock.advance(Duration.ofSeconds(6));
        assertThat(stopped).isCompleted();
        assertThat(transport.openConnections()).isZero();
        assertThat(broker.connections()).as("connections of the broker").isZero();
        transport.close();
    }
}
