package io.mqttparty.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ReportTest {
    private final Evidence evidence = new Evidence();

    @Test
    void markdown_statement_linksCodeAndTests() {
        evidence.addMain("core/src/main/java/A.java", "// [MQTT-1.0.0-2]");
        evidence.addTest("core/src/test/java/ATest.java", "@Tag(\"MQTT-1.0.0-2\")");

        assertThat(new Report(Fixtures.specification(), evidence).markdown())
                .contains("| MQTT-1.0.0-2 | both | both do"
                        + " | [A](../core/src/main/java/A.java) | [ATest](../core/src/test/java/ATest.java) |\n");
    }

    @Test
    void markdown_exemptStatement_showsTheReason() {
        assertThat(new Report(Fixtures.specificationExempting("MQTT-1.0.0-1"), evidence).markdown())
                .contains("| MQTT-1.0.0-1 | server | the server does a \\| b |  | exempt: nobody can see it |\n");
    }

    @Test
    void markdown_totals_countTestedExemptAndOpen() {
        evidence.addTest("ATest.java", "@Tag(\"MQTT-1.0.0-2\") @Tag(\"MQTT-1-0.0-3\")");

        assertThat(new Report(Fixtures.specificationExempting("MQTT-1.0.0-1"), evidence).markdown())
                .contains("| bind the server | 2 | 1 | 1 | 0 |\n", "| bind others only | 2 | 1 | 0 | 1 |\n");
    }
}
