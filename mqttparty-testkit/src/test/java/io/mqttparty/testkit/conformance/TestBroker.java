package io.mqttparty.testkit.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.MqttParty;
import io.mqttparty.MqttPartyBuilder;
import io.mqttparty.spi.Counter;
import io.mqttparty.testkit.ConnectSpec;
import io.mqttparty.testkit.FakeClock;
import io.mqttparty.testkit.LoopbackConnection;
import io.mqttparty.testkit.LoopbackTransport;
import io.mqttparty.testkit.Packets;
import io.mqttparty.testkit.RecordingListener;
import io.mqttparty.testkit.TestClient;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A whole broker without socket or thread, and the clients that a test connects to it. {@link #close()} also stops it in order. */
final class TestBroker implements AutoCloseable {
    private final FakeClock clock = FakeClock.create();
    private final RecordingListener events = new RecordingListener();
    private final LoopbackTransport transport;
    private final MqttParty broker;
    private int bystanders;

    private TestBroker(int eventLoops, Consumer<MqttPartyBuilder> choice) {
        transport = LoopbackTransport.create(clock, eventLoops);
        MqttPartyBuilder builder = MqttParty.builder()
                .listener(transport)
                .brokerListener(events)
                .clock(clock)
                .random(new Random(42));
        choice.accept(builder);
        broker = builder.build();
        CompletableFuture<MqttParty> started = broker.start().toCompletableFuture();
        clock.runUntilIdle();
        assertThat(started).isCompleted();
    }

    /** A broker on one event loop for everybody. */
    static TestBroker start() {
        return start(1);
    }

    /** A broker on some event loops for everybody; clients are assigned to them in turn. */
    static TestBroker start(int eventLoops) {
        return start(eventLoops, MqttPartyBuilder::allowAnonymous);
    }

    /** A broker on one event loop with these parts. */
    static TestBroker start(Consumer<MqttPartyBuilder> choice) {
        return start(1, choice);
    }

    static TestBroker start(int eventLoops, Consumer<MqttPartyBuilder> choice) {
        return new TestBroker(eventLoops, choice);
    }

    /** A client that has sent nothing yet. */
    TestClient raw() {
        return TestClient.over(transport.connect());
    }

    /** A client that has sent CONNECT. */
    TestClient connect(Consumer<ConnectSpec> spec) {
        return raw().connect(spec);
    }

    /** A client that has sent nothing but these bytes. */
    TestClient send(byte[]... packets) {
        return raw().sendRaw(Packets.concat(packets));
    }

    /** A connected client with a clean session. */
    TestClient client(String clientId) {
        return TestClient.connected(transport.connect(), clientId);
    }

    /** A connected client with a persistent session that is new. */
    TestClient persistent(String clientId) {
        return connect(c -> c.clientId(clientId).cleanSession(false)).expectConnack(0, false);
    }

    /** A connected client that has resumed its session. */
    TestClient resumed(String clientId) {
        return connect(c -> c.clientId(clientId).cleanSession(false)).expectConnack(0, true);
    }

    /** Lets the connection end as if the network had failed. */
    void lose(TestClient client) {
        client.pipe().close();
        clock.runUntilIdle();
    }

    /** Breaks the connection, which the broker notices even where it does not read. */
    void reset(TestClient client) {
        ((LoopbackConnection) client.pipe()).resetByPeer();
        clock.runUntilIdle();
    }

    void advance(Duration duration) {
        clock.advance(duration);
    }

    long count(Counter counter) {
        return broker.count(counter);
    }

    /** The broker closed the connection for a breach of the protocol, which it counted once, and serves everybody else. */
    void assertBroken(TestClient offender, Counter counter) {
        assertThat(broker.count(counter)).as("%s", counter).isEqualTo(1);
        offender.expectClosed();
        assertServes();
    }

    /** Two other clients can talk to each other. */
    void assertServes() {
        int number = ++bystanders;
        String topic = "bystanders/" + number;
        TestClient receiver = client("bystander-" + number + "-receiver").subscribed(topic, 1);
        TestClient sender = client("bystander-" + number + "-sender").published(topic, "still here", 1);
        receiver.expectPublish(topic, "still here", 1);
        sender.disconnect().expectClosed();
        receiver.disconnect().expectClosed();
    }

    FakeClock clock() {
        return clock;
    }

    LoopbackTransport transport() {
        return transport;
    }

    MqttParty broker() {
        return broker;
    }

    RecordingListener events() {
        return events;
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
