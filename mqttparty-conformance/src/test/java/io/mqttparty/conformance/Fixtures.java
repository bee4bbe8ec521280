package io.mqttparty.conformance;

/** A list of four statements. */
final class Fixtures {
    static final String STATEMENTS = """
            # a comment
            id\tbinds\tin short
            MQTT-1.0.0-1\tserver\tthe server does a | b
            MQTT-1.0.0-2\tboth\tboth do
            MQTT-1-0.0-3\tclient\tthe client does
            MQTT-1.0.0-4\tbridge\tthe bridge does
            """;

    static final String NO_EXEMPTIONS = "id\treason\n";

    private Fixtures() {}

    static Specification specification() {
        return Specification.parse(STATEMENTS, NO_EXEMPTIONS);
    }

    static Specification specificationExempting(String id) {
        return Specification.parse(STATEMENTS, NO_EXEMPTIONS + id + "\tnobody can see it\n");
    }
}
