package io.mqttparty.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.MemoryBackend;
import io.mqttparty.MqttPartyBuilder;
import io.mqttparty.model.ClientId;
import io.mqttparty.model.Limits;
import io.mqttparty.spi.Backend;
import io.mqttparty.spi.Presence;
import io.mqttparty.testkit.FakeClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Several brokers on one backend, on one clock, on the thread of the test. What each of them asks of the backend and is told by it can be
 * delayed, dropped and made to fail, and each can be paused and killed: see {@link ClusterNode}.
 *
 * <pre>{@code
 * try (ClusterScene scene = ClusterScene.of(2)) {
 *     TestClient subscriber = scene.node(0).client("s").subscribed("t", 1);
 *     scene.node(1).client("p").published("t", "hello", 1);
 *     subscriber.expectPublish("t", "hello", 1);
 * }
 * }</pre>
 */
public final class ClusterScene implements AutoCloseable {
    private final FakeClock clock = FakeClock.create();
    private final Backend shared;
    private final List<ClusterNode> nodes = new ArrayList<>();
    private final Choice choice;

    /** What the brokers of a scene are made of. */
    record Choice(int eventLoops, Consumer<MqttPartyBuilder> parts) {}

    private ClusterScene(int count, Limits queueLimits, Choice choice) {
        this.choice = choice;
        this.shared = MemoryBackend.create(queueLimits, clock);
        IntStream.range(0, count).forEach(i -> addNode());
    }

    /** So many brokers with one event loop each, for everybody. */
    public static ClusterScene of(int nodes) {
        return of(nodes, MqttPartyBuilder::allowAnonymous);
    }

    /** So many brokers with one event loop each and these parts. */
    public static ClusterScene of(int nodes, Consumer<MqttPartyBuilder> parts) {
        return new ClusterScene(nodes, Limits.DEFAULTS, new Choice(1, parts));
    }

    /** So many brokers with one event loop each, for everybody, with these limits, which the queues of the shared backend have too. */
    public static ClusterScene of(int nodes, Limits limits) {
        return new ClusterScene(
                nodes, limits, new Choice(1, parts -> parts.allowAnonymous().limits(limits)));
    }

    /** A further broker joins. */
    public ClusterNode addNode() {
        ClusterNode node = new ClusterNode(this, nodes.size(), choice);
        nodes.add(node);
        return node;
    }

    /** The broker with this index, counted from 0. */
    public ClusterNode node(int index) {
        return nodes.get(index);
    }

    /** The backend that all share, as it is. */
    public Backend shared() {
        return shared;
    }

    /** The clock of all. */
    public FakeClock clock() {
        return clock;
    }

    /** Lets time pass. */
    public void advance(Duration duration) {
        clock.advance(duration);
    }

    /** Lets time pass. */
    public void advanceMillis(long millis) {
        clock.advance(Duration.ofMillis(millis));
    }

    /** Lets time pass. */
    public void advanceSeconds(long seconds) {
        clock.advance(Duration.ofSeconds(seconds));
    }

    /** What the stage has completed with once nothing is left to do; fails if it has not. */
    public <T> T now(CompletionStage<T> stage) {
        clock.runUntilIdle();
        assertThat(stage.toCompletableFuture()).as("a stage").isCompleted();
        return stage.toCompletableFuture().join();
    }

    /** What the store knows of a client, if it has a session. */
    public Optional<Presence.Entry> entry(String clientId) {
        ClientId client = ClientId.of(clientId);
        return Optional.ofNullable(shared.cluster()
                .presence()
                .locate(List.of(client))
                .toCompletableFuture()
                .join()
                .get(client));
    }

    /** Stops the brokers that live, and checks that nobody is left whose connection they were. */
    @Override
    public void close() {
        nodes.stream().filter(node -> !node.isDead()).forEach(ClusterNode::stop);
        assertThat(shared.cluster()
                        .presence()
                        .list("", 1_000)
                        .toCompletableFuture()
                        .join()
                        .entries())
                .as("clients that are still connected")
                .noneMatch(entry -> entry.owner().isOnline() && nodes.stream().noneMatch(ClusterNode::isDead));
        clock.assertNoViolations();
    }
}
