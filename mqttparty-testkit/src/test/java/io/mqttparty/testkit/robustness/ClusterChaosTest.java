package io.mqttparty.testkit.robustness;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.Limits;
import io.mqttparty.testkit.LoopbackConnection;
import io.mqttparty.testkit.cluster.ClusterNode;
import io.mqttparty.testkit.cluster.ClusterScene;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Clients that do random legal things and wander over three nodes, of which one is killed now and then and replaced by a new one; and the ledger that
 * knows what they are owed. A failure names its seed: run it again with {@code -Dmqttparty.seed=…}.
 */
class ClusterChaosTest {
    private static final int NODES = 3;
    private static final int STEPS = 1_500;
    private static final int STEPS_PER_KILL = 100;

    static LongStream seeds() {
        return ChaosTest.seeds();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void clients_wanderOverNodesThatDie_ledgerHolds(long seed) {
        Limits limits = Limits.DEFAULTS.withReceiveMaximum(8);
        Random random = new Random(seed);
        try (ClusterScene scene = ClusterScene.of(NODES, limits)) {
            Nodes nodes = new Nodes(scene);
            ChaosWorld world = new ChaosWorld(nodes, random);
            for (int step = 0; step < STEPS; step++) {
                try {
                    if (random.nextInt(STEPS_PER_KILL) == 0) {
                        nodes.killOne(random, world);
                    }
                    world.step();
                } catch (AssertionError | RuntimeException e) {
                    throw new AssertionError("seed " + seed + ", step " + step + ": " + world.lastAction(), e);
                }
            }
            try {
                world.settleAndCheck();
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed + " at the end", e);
            }
            assertThat(world.deliveries()).as("the mix did something").isGreaterThan(STEPS / 3);
            assertThat(nodes.killed).as("nodes that died").isGreaterThan(3);
        }
    }

    private static final class Nodes implements ChaosGround {
        private final ClusterScene scene;
        private final List<ClusterNode> alive = new ArrayList<>();
        private int killed;

        Nodes(ClusterScene scene) {
            this.scene = scene;
            for (int i = 0; i < NODES; i++) {
                alive.add(scene.node(i));
            }
        }

        @Override
        public LoopbackConnection connect(Random random) {
            return alive.get(random.nextInt(alive.size())).connection();
        }

        @Override
        public void advanceSeconds(double seconds) {
            scene.advanceMillis(Math.round(seconds * 1_000));
        }

        /** With its connections. The others notice, and a new node takes its place. */
        void killOne(Random random, ChaosWorld world) {
            ClusterNode victim = alive.remove(random.nextInt(alive.size()));
            victim.kill();
            world.onKilled(victim.toString());
            victim.backend().bus().reap();
            scene.advanceSeconds(3); // until the wills are published
            alive.add(scene.addNode());
            killed++;
        }
    }
}
