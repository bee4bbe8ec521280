package io.mqttparty.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Reads the lists and the sources, writes {@code docs/conformance.md} and says what is wrong. */
final class ConformanceCheck {
    private static final String PAGE = "docs/conformance.md";

    private ConformanceCheck() {}

    /**
     * Runs the check over the project at {@code root}.
     *
     * @throws IOException if a source cannot be read or the page cannot be written
     */
    static Findings run(Path root) throws IOException {
        Specification specification =
                Specification.parse(resource("/mqtt-3.1.1-statements.tsv"), resource("/exemptions.tsv"));
        Evidence evidence = new SourceTree(root).read();
        writePage(root.resolve(PAGE), new Report(specification, evidence).markdown());
        return Findings.of(specification, evidence);
    }

    private static void writePage(Path page, String text) throws IOException {
        Files.createDirectories(Objects.requireNonNull(page.getParent()));
        Files.writeString(page, text);
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = ConformanceCheck.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
