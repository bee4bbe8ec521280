package io.mqttparty.conformance;

import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where the sources name statements: beside the code that decides, and as tags of tests. */
final class Evidence {
    private static final Pattern CITATION = Pattern.compile("\\[(MQTT-[0-9.\\-]+)]");
    private static final Pattern TAG = Pattern.compile("@Tag\\(\\s*\"(MQTT-[^\"]*)\"\\s*\\)");

    private final SortedMap<String, SortedSet<String>> implementations = new TreeMap<>();
    private final SortedMap<String, SortedSet<String>> tests = new TreeMap<>();
    private final SortedMap<String, SortedSet<String>> mentions = new TreeMap<>();

    /** Takes a source file that is part of the product. */
    void addMain(String path, String source) {
        collect(CITATION, source, path, implementations);
        collect(CITATION, source, path, mentions);
        collect(TAG, source, path, mentions);
    }

    /** Takes a source file that holds tests. */
    void addTest(String path, String source) {
        collect(TAG, source, path, tests);
        collect(TAG, source, path, mentions);
        collect(CITATION, source, path, mentions);
    }

    /** The files whose code names the statement, as paths with slashes. */
    SortedSet<String> implementationsOf(String id) {
        return implementations.getOrDefault(id, new TreeSet<>());
    }

    /** The files with a test that is tagged with the statement, as paths with slashes. */
    SortedSet<String> testsOf(String id) {
        return tests.getOrDefault(id, new TreeSet<>());
    }

    /** Every id that occurs anywhere, known or not. */
    Set<String> ids() {
        return mentions.keySet();
    }

    /** The files in which the id occurs. */
    SortedSet<String> filesNaming(String id) {
        return mentions.getOrDefault(id, new TreeSet<>());
    }

    private static void collect(
            Pattern pattern, String source, String path, SortedMap<String, SortedSet<String>> into) {
        Matcher matcher = pattern.matcher(source);
        while (matcher.find()) {
            into.computeIfAbsent(matcher.group(1), id -> new TreeSet<>()).add(path);
        }
    }
}
