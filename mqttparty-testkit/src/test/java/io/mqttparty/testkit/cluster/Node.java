package io.mqttparty.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.MqttParty;
import io.mqttparty.MqttPartyBuilder;
import io.mqttparty.spi.Backend;
import io.mqttparty.spi.Counter;
import io.mqttparty.spi.DropReason;
import io.mqttparty.spi.NodeId;
import io.mqttparty.testkit.FakeClock;
import io.mqttparty.testkit.LoopbackTransport;
import io.mqttparty.testkit.RecordingListener;
import io.mqttparty.testkit.TestClient;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** One broker of several, and the clients that are connected to it. */
final class Node {
    private final FaultyNode backend;
    private final RecordingListener events = new RecordingListener();
    private final LoopbackTransport transport;
    private final MqttParty broker;

    Node(FakeClock clock, Backend shared, int number, Consumer<MqttPartyBuilder> choice) {
        backend = new FaultyNode(shared);
        transport = LoopbackTransport.create(clock, 1);
        MqttPartyBuilder builder = MqttParty.builder()
                .listener(transport)
                .allowAnonymous()
                .brokerListener(events)
                .backend(backend)
                .clock(clock)
                .random(new Random(number));
        choice.accept(builder);
        broker = builder.build();
        CompletableFuture<MqttParty> started = broker.start().toCompletableFuture();
        clock.runUntilIdle();
        assertThat(started).isCompleted();
    }

    FaultyNode backend() {
        return backend;
    }

    MqttParty broker() {
        return broker;
    }

    NodeId id() {
        return broker.nodeId();
    }

    RecordingListener events() {
        return events;
    }

    LoopbackTransport transport() {
        return transport;
    }

    long count(Counter counter) {
        return broker.count(counter);
    }

    long count(DropReason reason) {
        return broker.count(reason);
    }

    /** A connected client with a clean session. */
    TestClient client(String clientId) {
        return TestClient.connected(transport.connect(), clientId);
    }

    /** A connected client with a persistent session that is new. */
    TestClient persistent(String clientId) {
        return TestClient.connect(transport.connect(), c -> c.clientId(clientId).cleanSession(false))
                .expectConnack(0, false);
    }

    /** A connected client that has resumed its session. */
    TestClient resumed(String clientId) {
        return TestClient.connect(transport.connect(), c -> c.clientId(clientId).cleanSession(false))
                .expectConnack(0, true);
    }
}
