package io.mqttparty.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.MqttParty;
import io.mqttparty.MqttPartyBuilder;
import io.mqttparty.spi.Counter;
import io.mqttparty.spi.DropReason;
import io.mqttparty.spi.NodeId;
import io.mqttparty.testkit.LoopbackConnection;
import io.mqttparty.testkit.LoopbackTransport;
import io.mqttparty.testkit.RecordingListener;
import io.mqttparty.testkit.TestClient;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/** One broker of a {@link ClusterScene}, and the clients that connect to it. */
public final class ClusterNode {
    private final ClusterScene scene;
    private final String name;
    private final ControlledBackend backend;
    private final LoopbackTransport transport;
    private final RecordingListener events = new RecordingListener();
    private final MqttParty broker;
    private boolean dead;

    ClusterNode(ClusterScene scene, int index, ClusterScene.Choice choice) {
        this.scene = scene;
        this.name = "node-" + index;
        this.backend = new ControlledBackend(scene.shared(), scene.clock());
        this.transport = LoopbackTransport.create(scene.clock(), choice.eventLoops(), name);
        MqttPartyBuilder builder = MqttParty.builder()
                .nodeName(name)
                .listener(transport)
                .backend(backend)
                .brokerListener(events)
                .clock(scene.clock())
                .random(new Random(index));
        choice.parts().accept(builder);
        this.broker = builder.build();
        CompletableFuture<MqttParty> started = broker.start().toCompletableFuture();
        scene.clock().runUntilIdle();
        assertThat(started).as("start of %s", name).isCompleted();
    }

    // ---- clients ----

    /** A connection that has sent nothing yet. */
    public LoopbackConnection connection() {
        return transport.connect();
    }

    /** A client that has sent nothing yet. */
    public TestClient raw() {
        return TestClient.over(connection());
    }

    /** A client that has sent CONNECT for a persistent session; what is answered is not looked at. */
    public TestClient connecting(String clientId) {
        return TestClient.connect(connection(), c -> c.clientId(clientId).cleanSession(false));
    }

    /** A connected client with a clean session. */
    public TestClient client(String clientId) {
        return TestClient.connected(connection(), clientId);
    }

    /** A connected client with a persistent session that is new. */
    public TestClient persistent(String clientId) {
        return connecting(clientId).expectConnack(0, false);
    }

    /** A connected client that has resumed its session. */
    public TestClient resumed(String clientId) {
        return connecting(clientId).expectConnack(0, true);
    }

    // ---- what happens to the node ----

    /** Its calls, its membership, its reading of the route log. */
    public ControlledBackend backend() {
        return backend;
    }

    /** Stops the process: its loops run nothing, and it takes nothing of the bus and the route log. Connections stay. */
    public void pause() {
        transport.pause();
        backend.bus().hold();
        backend.routes().stall();
    }

    /** Lets a process that was stopped go on: first what its clients have sent, then the bus, then the route log. */
    public void resume() {
        transport.resume();
        backend.bus().release();
        backend.routes().resume();
    }

    /** The process is gone. The others notice when {@link BusControl#reap} is called. */
    public void kill() {
        dead = true;
        backend.cutOff();
        transport.crash();
    }

    /** Takes the lease away and tells the node; the others have given it up, too. */
    public void fence() {
        backend.bus().reap();
        backend.bus().fence();
        scene.clock().runUntilIdle();
    }

    // ---- what can be seen of it ----

    /** The broker. */
    public MqttParty broker() {
        return broker;
    }

    /** The id that the node has now. */
    public NodeId id() {
        return broker.nodeId();
    }

    /** What the broker has told its listener. */
    public RecordingListener events() {
        return events;
    }

    /** What the broker has counted. */
    public long count(Counter counter) {
        return broker.count(counter);
    }

    /** How many messages the broker has dropped for this reason. */
    public long count(DropReason reason) {
        return broker.count(reason);
    }

    boolean isDead() {
        return dead;
    }

    void stop() {
        CompletableFuture<Void> stopped = broker.stop().toCompletableFuture();
        scene.advanceSeconds(6);
        assertThat(stopped).as("stop of %s", name).isCompleted();
        assertThat(transport.openConnections()).as("connections of %s", name).isZero();
        assertThat(broker.connections()).as("connections of %s", name).isZero();
    }

    @Override
    public String toString() {
        return name;
    }
}
