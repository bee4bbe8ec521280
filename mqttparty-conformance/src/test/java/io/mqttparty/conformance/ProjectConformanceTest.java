package io.mqttparty.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The check itself, over this project; it also brings {@code docs/conformance.md} up to date. */
final class ProjectConformanceTest {
    private static Findings findings;

    @BeforeAll
    static void runOverThisProject() throws IOException {
        findings = ConformanceCheck.run(Path.of(System.getProperty("mqttparty.root", "..")));
    }

    @Test
    void sources_ofThisProject_nameKnownStatementsAndNoStaleExemption() {
        assertThat(findings.errors()).isEmpty();
    }

    @Test
    void statements_thatBindTheServer_areTestedOrExempt() {
        assertThat(findings.gaps()).isEmpty();
    }
}
