package io.mqttparty.benchmarks.faults;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Finds the jar of the standalone broker, which {@code mvn package} builds. */
final class Standalones {
    private static final String PROPERTY = "mqttparty.standalone";
    private static final Path BUILT = Path.of("mqttparty-examples", "target", "mqttparty-standalone.jar");

    private Standalones() {}

    /** The jar that the property names, or that of this build. */
    static Path jar() {
        String named = System.getProperty(PROPERTY);
        List<Path> places = named == null ? List.of(BUILT, Path.of("..").resolve(BUILT)) : List.of(Path.of(named));
        return places.stream()
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "standalone jar: not in " + places + " (expected: built, or named by -D" + PROPERTY + ")"));
    }
}
