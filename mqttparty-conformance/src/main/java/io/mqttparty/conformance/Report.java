package io.mqttparty.conformance;

import java.util.Collection;
import java.util.Locale;
import java.util.SortedSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The page that shows for each statement where it is implemented and tested. */
record Report(Specification specification, Evidence evidence) {

    String markdown() {
        StringBuilder page = new StringBuilder("""
                # Conformance with MQTT 3.1.1

                Written by the build from the list of statements and from what the sources name; do not edit.

                """);
        appendTotals(page);
        page.append("\n| statement | binds | in short | implemented in | shown by |\n|---|---|---|---|---|\n");
        specification.all().forEach(each -> appendRow(page, each));
        return page.toString();
    }

    private void appendTotals(StringBuilder page) {
        page.append("| | statements | tested | exempt | open |\n|---|---|---|---|---|\n");
        appendTotal(page, "bind the server", Statement::bindsServer);
        appendTotal(page, "bind others only", each -> !each.bindsServer());
    }

    private void appendTotal(StringBuilder page, String name, Predicate<Statement> which) {
        Collection<Statement> statements =
                specification.all().stream().filter(which).toList();
        long tested = statements.stream().filter(this::isTested).count();
        long exempt = statements.stream()
                .filter(each -> specification.exempts(each.id()))
                .count();
        long open = statements.stream()
                .filter(each -> !isTested(each) && !specification.exempts(each.id()))
                .count();
        page.append(String.format(
                Locale.ROOT, "| %s | %d | %d | %d | %d |\n", name, statements.size(), tested, exempt, open));
    }

    private boolean isTested(Statement statement) {
        return !evidence.testsOf(statement.id()).isEmpty();
    }

    private void appendRow(StringBuilder page, Statement statement) {
        page.append("| ").append(statement.id());
        page.append(" | ").append(statement.binds().name().toLowerCase(Locale.ROOT));
        page.append(" | ").append(escaped(statement.inShort()));
        page.append(" | ").append(links(evidence.implementationsOf(statement.id())));
        page.append(" | ").append(shownBy(statement)).append(" |\n");
    }

    private String shownBy(Statement statement) {
        String reason = specification.exemptions().get(statement.id());
        return reason == null ? links(evidence.testsOf(statement.id())) : "exempt: " + escaped(reason);
    }

    private static String links(SortedSet<String> paths) {
        return paths.stream().map(Report::link).collect(Collectors.joining(", "));
    }

    private static String link(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1).replaceFirst("\\.java$", "");
        return "[" + name + "](../" + path + ")";
    }

    /** A cell of a table ends at a bar, and Markdown would take an angle bracket for HTML. */
    private static String escaped(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*");
    }
}
