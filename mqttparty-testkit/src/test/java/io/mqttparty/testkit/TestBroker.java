package io.mqttparty.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.MqttParty;
import io.mqttparty.MqttPartyBuilder;
import io.mqttparty.spi.Counter;
import io.mqttparty.spi.DropReason;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A whole broker without socket, thread or sleep, and the clients that a test connects to it. {@link #close()} also stops it in order and checks
 * that nothing is left.
 */
public class TestBroker implements AutoCloseable {
    private final FakeClock clock;
    private final RecordingListener events = new RecordingListener();
    private final LoopbackTransport transport;
    private final MqttParty broker;
    private int bystanders;

    /** Starts it; the seed is for the ids that it makes. */
    protected TestBroker(FakeClock clock, int eventLoops, long seed, Consumer<MqttPartyBuilder> choice) {
        this.clock = clock;
        transport = LoopbackTransport.create(clock, eventLoops);
        MqttPartyBuilder builder = MqttParty.builder()
                .listener(transport)
                .brokerListener(events)
                .clock(clock)
                .random(new Random(seed));
        choice.accept(builder);
        broker = builder.build();
        CompletableFuture<MqttParty> started = broker.start().toCompletableFuture();
        clock.runUntilIdle();
        assertThat(started).isCompleted();
    }

    /** A broker on one event loop for everybody. */
    public static TestBroker start() {
        return start(1);
    }

    /** A broker on some event loops for everybody; clients are assigned to them in turn. */
    public static TestBroker start(int eventLoops) {
        return start(eventLoops, MqttPartyBuilder::allowAnonymous);
    }

    /** A broker on one event loop with these parts. */
    public static TestBroker start(Consumer<MqttPartyBuilder> choice) {
        return start(1, choice);
    }

    public static TestBroker start(int eventLoops, Consumer<MqttPartyBuilder> choice) {
        return new TestBroker(FakeClock.create(), eventLoops, 42, choice);
    }

    // ---- clients ----

    public LoopbackConnection connection() {
        return transport.connect();
    }

    /** A client that has sent nothing yet. */
    public TestClient raw() {
        return TestClient.over(connection());
    }

    /** A client that has sent CONNECT. */
    public TestClient connect(Consumer<ConnectSpec> spec) {
        return raw().connect(spec);
    }

    /** A client that has sent nothing but these bytes. */
    public TestClient send(byte[]... packets) {
        return raw().sendRaw(Packets.concat(packets));
    }

    /** A connected client with a clean session. */
    public TestClient client(String clientId) {
        return TestClient.connected(connection(), clientId);
    }

    /** A connected client with a persistent session that is new. */
    public TestClient persistent(String clientId) {
        return connect(c -> c.clientId(clientId).cleanSession(false)).expectConnack(0, false);
    }

    /** A connected client that has resumed its session. */
    public TestClient resumed(String clientId) {
        return connect(c -> c.clientId(clientId).cleanSession(false)).expectConnack(0, true);
    }

    public static LoopbackConnection connectionOf(TestClient client) {
        return (LoopbackConnection) client.pipe();
    }

    /** Lets the connection end as if the network had failed. */
    public void lose(TestClient client) {
        client.pipe().close();
        clock.runUntilIdle();
    }

    /** Breaks the connection, which the broker notices even where it does not read. */
    public void reset(TestClient client) {
        connectionOf(client).resetByPeer();
        clock.runUntilIdle();
    }

    // ---- time, counters, events ----

    public void advance(Duration duration) {
        clock.advance(duration);
    }

    public void advanceSeconds(double seconds) {
        clock.advance(Duration.ofNanos((long) (seconds * 1e9)));
    }

    public long count(Counter counter) {
        return broker.count(counter);
    }

    public long count(DropReason reason) {
        return broker.count(reason);
    }

    public RecordingListener events() {
        return events;
    }

    public FakeClock clock() {
        return clock;
    }

    public LoopbackTransport transport() {
        return transport;
    }

    public MqttParty broker() {
        return broker;
    }

    // ---- what every test may demand ----

    /** The broker closed the connection for a breach of the protocol, which it counted once, and serves everybody else. */
    public void assertBroken(TestClient offender, Counter counter) {
        assertThat(broker.count(counter)).as("%s", counter).isEqualTo(1);
        offender.expectClosed();
        assertServes();
    }

    /** Two other clients can talk to each other. */
    public void assertServes() {
        int number = ++bystanders;
        String topic = "bystanders/" + number;
        TestClient receiver = client("bystander-" + number + "-receiver").subscribed(topic, 1);
        TestClient sender = client("bystander-" + number + "-sender").published(topic, "still here", 1);
        receiver.expectPublish(topic, "still here", 1);
        sender.disconnect().expectClosed();
        receiver.disconnect().expectClosed();
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
