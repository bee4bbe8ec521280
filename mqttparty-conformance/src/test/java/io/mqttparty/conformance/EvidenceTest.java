package io.mqttparty.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class EvidenceTest {
    private final Evidence evidence = new Evidence();

    @Test
    void addMain_citations_areImplementations() {
        evidence.addMain("core/A.java", "if (x) { // [MQTT-1.0.0-1] [MQTT-1-0.0-3]");
        evidence.addMain("core/B.java", "return; // [MQTT-1.0.0-1], since so it is");

        assertThat(evidence.implementationsOf("MQTT-1.0.0-1")).containsExactly("core/A.java", "core/B.java");
        assertThat(evidence.implementationsOf("MQTT-1-0.0-3")).containsExactly("core/A.java");
    }

    @Test
    void addMain_bareIdOrTag_isNoImplementation() {
        evidence.addMain("core/A.java", "// see MQTT-1.0.0-1\n@Tag(\"MQTT-1.0.0-2\")");

        assertThat(evidence.implementationsOf("MQTT-1.0.0-1")).isEmpty();
        assertThat(evidence.testsOf("MQTT-1.0.0-2")).isEmpty();
    }

    @Test
    void addTest_tags_areTests() {
        evidence.addTest("core/ATest.java", "@Tag(\"MQTT-1.0.0-1\")\n@Tags({@Tag( \"MQTT-1.0.0-2\" )})");

        assertThat(evidence.testsOf("MQTT-1.0.0-1")).containsExactly("core/ATest.java");
        assertThat(evidence.testsOf("MQTT-1.0.0-2")).containsExactly("core/ATest.java");
    }

    @Test
    void addTest_citation_isNeitherTestNorImplementation() {
        evidence.addTest("core/ATest.java", "// [MQTT-1.0.0-1]");

        assertThat(evidence.testsOf("MQTT-1.0.0-1")).isEmpty();
        assertThat(evidence.implementationsOf("MQTT-1.0.0-1")).isEmpty();
        assertThat(evidence.filesNaming("MQTT-1.0.0-1")).containsExactly("core/ATest.java");
    }

    @Test
    void addTest_otherTag_ignored() {
        evidence.addTest("core/ATest.java", "@Tag(\"slow\")");

        assertThat(evidence.ids()).isEmpty();
    }
}
