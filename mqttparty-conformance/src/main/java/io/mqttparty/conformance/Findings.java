package io.mqttparty.conformance;

import java.util.ArrayList;
import java.util.List;

/** What is wrong between the list of statements and the sources. */
record Findings(List<String> errors, List<String> gaps) {

    Findings {
        errors = List.copyOf(errors);
        gaps = List.copyOf(gaps);
    }

    static Findings of(Specification specification, Evidence evidence) {
        List<String> errors = new ArrayList<>();
        addUnknownIds(specification, evidence, errors);
        addBadExemptions(specification, evidence, errors);
        return new Findings(errors, gaps(specification, evidence));
    }

    private static void addUnknownIds(Specification specification, Evidence evidence, List<String> errors) {
        for (String id : evidence.ids()) {
            if (!specification.has(id)) {
                errors.add(id + ": no such statement, named in " + String.join(", ", evidence.filesNaming(id)));
            }
        }
    }

    private static void addBadExemptions(Specification specification, Evidence evidence, List<String> errors) {
        for (String id : specification.exemptions().keySet()) {
            if (!specification.has(id)) {
                errors.add(id + ": no such statement, named in the exemptions");
            } else if (!evidence.testsOf(id).isEmpty()) {
                errors.add(id + ": exempt, yet tested in " + String.join(", ", evidence.testsOf(id)));
            }
        }
    }

    private static List<String> gaps(Specification specification, Evidence evidence) {
        return specification.all().stream()
                .filter(Statement::bindsServer)
                .map(Statement::id)
                .filter(id -> evidence.testsOf(id).isEmpty() && !specification.exempts(id))
                .map(id -> id + ": binds the server and has neither a test nor an exemption")
                .toList();
    }
}
