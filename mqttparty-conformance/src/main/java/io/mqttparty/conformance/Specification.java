package io.mqttparty.conformance;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The list of statements, and the reasons why some of them have no test. */
record Specification(Map<String, Statement> statements, Map<String, String> exemptions) {

    /**
     * Reads both lists.
     *
     * @param statements columns id, binds, in short
     * @param exemptions columns id, reason
     */
    static Specification parse(String statements, String exemptions) {
        Map<String, Statement> byId = new LinkedHashMap<>();
        for (List<String> row : Tsv.rows(statements, 3)) {
            putOnce(byId, row.get(0), statement(row));
        }
        Map<String, String> reasons = new LinkedHashMap<>();
        for (List<String> row : Tsv.rows(exemptions, 2)) {
            putOnce(reasons, row.get(0), row.get(1));
        }
        return new Specification(byId, reasons);
    }

    /** All statements, in the order of the specification. */
    Collection<Statement> all() {
        return statements.values();
    }

    boolean has(String id) {
        return statements.containsKey(id);
    }

    boolean exempts(String id) {
        return exemptions.containsKey(id);
    }

    private static Statement statement(List<String> row) {
        return new Statement(row.get(0), Statement.Binds.valueOf(row.get(1).toUpperCase(Locale.ROOT)), row.get(2));
    }

    private static <V> void putOnce(Map<String, V> map, String id, V value) {
        if (map.putIfAbsent(id, value) != null) {
            throw new IllegalArgumentException("id: " + id + " (expected: listed once)");
        }
    }
}
