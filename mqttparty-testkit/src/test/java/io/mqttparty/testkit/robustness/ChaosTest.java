package io.mqttparty.testkit.robustness;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.Limits;
import io.mqttparty.testkit.LoopbackConnection;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Clients that do random legal things on two event loops, and a ledger that knows what they are owed. A failure names its seed: run it again
 * with {@code -Dmqttparty.seed=…}.
 */
class ChaosTest {
    private static final int STEPS = 1_500;

    static LongStream seeds() {
        Long given = Long.getLong("mqttparty.seed");
        return given != null
                ? LongStream.of(given)
                : LongStream.concat(LongStream.range(1, 6), LongStream.of(new Random().nextInt()));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void clients_doRandomThings_ledgerHolds(long seed) {
        Limits limits = Limits.DEFAULTS.withReceiveMaximum(8);
        try (Scene scene = Scene.start(2, b -> b.allowAnonymous().limits(limits))) {
            ChaosWorld world = new ChaosWorld(new OneBroker(scene), new Random(seed));
            for (int step = 0; step < STEPS; step++) {
                try {
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
            scene.assertOthersGoOn();
        }
    }

    private record OneBroker(Scene scene) implements ChaosGround {
        @Override
        public LoopbackConnection connect(Random random) {
            return scene.transport().connectOn(random.nextInt(2));
        }

        @Override
        public void advanceSeconds(double seconds) {
            scene.advanceSeconds(seconds);
        }
    }
}
