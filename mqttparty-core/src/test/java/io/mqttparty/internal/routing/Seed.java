package io.mqttparty.internal.routing;

import java.util.Random;

/** The seed of a random test: a new one for each run, printed, and set again with {@code -Dmqttparty.seed}. */
final class Seed {
    private Seed() {}

    static Random random(Object test) {
        long seed = Long.getLong("mqttparty.seed", new Random().nextLong());
        System.out.println(test.getClass().getSimpleName() + ": -Dmqttparty.seed=" + seed);
        return new Random(seed);
    }
}
