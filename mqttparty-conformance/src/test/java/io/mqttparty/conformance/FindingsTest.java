package io.mqttparty.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class FindingsTest {
    private final Evidence evidence = new Evidence();

    @Test
    void of_everythingTested_nothing() {
        evidence.addTest("ATest.java", "@Tag(\"MQTT-1.0.0-1\") @Tag(\"MQTT-1.0.0-2\")");

        assertThat(Findings.of(Fixtures.specification(), evidence)).isEqualTo(new Findings(List.of(), List.of()));
    }

    @Test
    void of_unknownCitation_errorNamesTheFile() {
        evidence.addMain("A.java", "// [MQTT-9.9.9-9]");

        assertThat(Findings.of(Fixtures.specification(), evidence).errors())
                .singleElement()
                .asString()
                .contains("MQTT-9.9.9-9", "A.java");
    }

    @Test
    void of_unknownTag_error() {
        evidence.addTest("ATest.java", "@Tag(\"MQTT-1.0.0-1x\")");

        assertThat(Findings.of(Fixtures.specification(), evidence).errors())
                .singleElement()
                .asString()
                .startsWith("MQTT-1.0.0-1x:");
    }

    @Test
    void of_serverStatementWithoutTest_gap() {
        evidence.addMain("A.java", "// [MQTT-1.0.0-1]");
        evidence.addTest("ATest.java", "@Tag(\"MQTT-1.0.0-2\")");

        assertThat(Findings.of(Fixtures.specification(), evidence).gaps())
                .singleElement()
                .asString()
                .startsWith("MQTT-1.0.0-1:");
    }

    @Test
    void of_exemptStatement_noGap() {
        evidence.addTest("ATest.java", "@Tag(\"MQTT-1.0.0-2\")");

        Findings findings = Findings.of(Fixtures.specificationExempting("MQTT-1.0.0-1"), evidence);

        assertThat(findings).isEqualTo(new Findings(List.of(), List.of()));
    }

    @Test
    void of_exemptStatementWithTest_error() {
        evidence.addTest("ATest.java", "@Tag(\"MQTT-1.0.0-1\")");

        assertThat(Findings.of(Fixtures.specificationExempting("MQTT-1.0.0-1"), evidence)
                        .errors())
                .singleElement()
                .asString()
                .contains("MQTT-1.0.0-1", "ATest.java");
    }

    @Test
    void of_unknownExemption_error() {
        assertThat(Findings.of(Fixtures.specificationExempting("MQTT-9.9.9-9"), evidence)
                        .errors())
                .singleElement()
                .asString()
                .startsWith("MQTT-9.9.9-9:");
    }
}
