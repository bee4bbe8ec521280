package io.mqttparty.conformance;

import java.util.ArrayList;
import java.util.List;

/** Tab-separated text with a line of column names, after comment lines that start with {@code #}. */
final class Tsv {
    private Tsv() {}

    /** The rows below the column names; a row that has not exactly {@code columns} filled fields is refused. */
    static List<List<String>> rows(String text, int columns) {
        List<List<String>> rows = new ArrayList<>();
        for (String line : text.lines().toList()) {
            if (!line.isBlank() && !line.startsWith("#")) {
                rows.add(fields(line, columns));
            }
        }
        return rows.isEmpty() ? List.of() : List.copyOf(rows.subList(1, rows.size()));
    }

    private static List<String> fields(String line, int columns) {
        List<String> fields = List.of(line.split("\t", -1));
        if (fields.size() != columns || fields.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("line: " + line + " (expected: " + columns + " fields, none blank)");
        }
        return fields;
    }
}
