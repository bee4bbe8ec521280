package io.mqttparty.testkit.cluster;

import io.mqttparty.MqttPartyBuilder;
import io.mqttparty.spi.Backend;
import io.mqttparty.spi.NodeId;
import io.mqttparty.testkit.FakeClock;
import io.mqttparty.testkit.TestBroker;
import java.util.function.Consumer;

/** One broker of several, and the clients that are connected to it. */
final class Node extends TestBroker {
    private final FaultyNode backend;

    Node(FakeClock clock, Backend shared, int number, Consumer<MqttPartyBuilder> choice) {
        this(clock, new FaultyNode(shared), number, choice);
    }

    private Node(FakeClock clock, FaultyNode backend, int number, Consumer<MqttPartyBuilder> choice) {
        super(
                clock,
                1,
                number,
                choice.andThen(builder -> builder.allowAnonymous().backend(backend)));
        this.backend = backend;
    }

    FaultyNode backend() {
        return backend;
    }

    NodeId id() {
        return broker().nodeId();
    }
}
