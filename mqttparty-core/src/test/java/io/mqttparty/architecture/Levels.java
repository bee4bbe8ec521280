package io.mqttparty.architecture;

import java.util.Map;
import java.util.Optional;

/** Which package of core may import which: only those of a strictly lower level, see {@code docs/architecture.md}. */
final class Levels {
    static final String ROOT = "io.mqttparty";

    private static final Map<String, Integer> LEVELS = Map.ofEntries(
            Map.entry(ROOT + ".internal.util", 0),
            Map.entry(ROOT + ".model", 1),
            Map.entry(ROOT + ".internal.packet", 2),
            Map.entry(ROOT + ".internal.routing", 2),
            Map.entry(ROOT + ".spi", 2),
            Map.entry(ROOT + ".spi.transport", 2),
            Map.entry(ROOT + ".internal.codec", 3),
            Map.entry(ROOT + ".internal.session", 3),
            Map.entry(ROOT + ".internal.memory", 3),
            Map.entry(ROOT + ".internal.broker", 4),
            Map.entry(ROOT, 5));

    private Levels() {}

    static boolean isKnown(String packageName) {
        return LEVELS.containsKey(packageName);
    }

    static boolean mayImport(String from, String to) {
        return from.equals(to) || isSpiUsingTransport(from, to) || level(from) > level(to);
    }

    /** The one import between two packages of a level: {@code Transport} is one of the SPIs that {@code spi} speaks of. */
    private static boolean isSpiUsingTransport(String from, String to) {
        return from.equals(ROOT + ".spi") && to.equals(ROOT + ".spi.transport");
    }

    private static int level(String packageName) {
        return Optional.ofNullable(LEVELS.get(packageName))
                .orElseThrow(() -> new AssertionError(packageName + " has no level: add it to the table"));
    }
}
