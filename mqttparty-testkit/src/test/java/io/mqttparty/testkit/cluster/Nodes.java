package io.mqttparty.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.MemoryBackend;
import io.mqttparty.model.Limits;
import io.mqttparty.spi.Backend;
import io.mqttparty.testkit.FakeClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Several brokers on one backend and one clock, without socket, thread or sleep. */
final class Nodes implements AutoCloseable {
    private final FakeClock clock = FakeClock.create();
    private final Backend shared;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Node> dead = new ArrayList<>();

    private Nodes(int count, Limits limits) {
        shared = MemoryBackend.create(limits, clock);
        for (int i = 0; i < count; i++) {
            nodes.add(new Node(clock, shared, i, builder -> builder.limits(limits)));
        }
    }

    static Nodes start(int count) {
        return new Nodes(count, Limits.DEFAULTS);
    }

    static Nodes start(int count, Limits limits) {
        return new Nodes(count, limits);
    }

    Node get(int index) {
        return nodes.get(index);
    }

    FakeClock clock() {
        return clock;
    }

    Backend shared() {
        return shared;
    }

    void advance(Duration duration) {
        clock.advance(duration);
    }

    /** What the stage completed with, once nothing is left to do. */
    <T> T now(CompletionStage<T> stage) {
        clock.runUntilIdle();
        assertThat(stage.toCompletableFuture()).isCompleted();
        return stage.toCompletableFuture().join();
    }

    /** The node is gone without a word, and the others have noticed. */
    void kill(Node node) {
        node.backend().die();
        dead.add(node);
        now(shared.cluster().bus().leave(node.id()));
    }

    @Override
    public void close() {
        for (Node node : nodes) {
            if (dead.contains(node)) {
                node.transport().close();
            } else {
                node.close();
            }
        }
    }
}
