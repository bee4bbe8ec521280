package io.mqttparty.internal.routing;

import io.mqttparty.model.TopicFilter;
import java.util.List;
import java.util.Optional;

/**
 * What a filter with wildcards selects from topics in their order as strings: the range that can match, and from a topic that does not match the
 * next place where one can.
 */
final class FilterRange {
    private static final char SEPARATOR = '/';
    /** The character after the separator: what is below "a/" ends before "a0". */
    private static final char AFTER_SEPARATOR = '0';
    /** No character is less: a topic and this is what comes next, where other values of a {@code +}, such as "a-b" after "a", stand before "a/". */
    private static final char LEAST = 0;
    /** The character after the {@code $} of the reserved topics. */
    private static final String AFTER_RESERVED = "%";

    private final List<String> levels;
    private final boolean leadingWildcard;
    private final String prefix;

    FilterRange(TopicFilter filter) {
        levels = filter.levels();
        leadingWildcard = isWildcard(levels.get(0));
        prefix = literalPrefix(levels);
    }

    private static String literalPrefix(List<String> levels) {
        StringBuilder prefix = new StringBuilder();
        for (int i = 0; !isWildcard(levels.get(i)); i++) {
            prefix.append(levels.get(i)).append(SEPARATOR);
        }
        return prefix.toString();
    }

    private static boolean isWildcard(String level) {
        return level.equals("+") || level.equals("#");
    }

    /** What all topics that match begin with: the levels before the first wildcard, with a separator behind; may be empty. */
    String prefix() {
        return prefix;
    }

    /** The topic above the prefix, which a {@code #} right behind it matches too; it stands apart from the range. */
    Optional<String> parent() {
        boolean matchesParent =
                !prefix.isEmpty() && levels.get(levels.size() - 1).equals("#") && levels.indexOf("+") < 0;
        return matchesParent ? Optional.of(withoutSeparator(prefix)) : Optional.empty();
    }

    /** What comes after everything that begins with the prefix. */
    Optional<String> end() {
        return after(prefix);
    }

    private static Optional<String> after(String start) {
        return start.isEmpty() ? Optional.empty() : Optional.of(withoutSeparator(start) + AFTER_SEPARATOR);
    }

    private static String withoutSeparator(String start) {
        return start.substring(0, start.length() - 1);
    }

    /** Whether the filter matches. */
    boolean matches(String topic) {
        if (isHidden(topic)) {
            return false;
        }
        int from = 0;
        for (String level : levels) {
            if (level.equals("#")) {
                return true;
            }
            if (from > topic.length()) {
                return false;
            }
            int to = levelEnd(topic, from);
            if (!fits(level, topic, from, to)) {
                return false;
            }
            from = to + 1;
        }
        return from > topic.length();
    }

    private boolean isHidden(String topic) {
        return leadingWildcard && topic.charAt(0) == '$'; // [MQTT-4.7.2-1]
    }

    private static boolean fits(String level, String topic, int from, int to) {
        return level.equals("+") || (level.length() == to - from && topic.startsWith(level, from));
    }

    private static int levelEnd(String topic, int from) {
        int slash = topic.indexOf(SEPARATOR, from);
        return slash < 0 ? topic.length() : slash;
    }

    /**
     * Where to go on from a topic that does not match: greater than it, and nothing in between matches. Empty if nothing behind it matches.
     */
    Optional<String> skip(String topic) {
        if (isHidden(topic)) {
            return Optional.of(AFTER_RESERVED);
        }
        int from = 0;
        String above = "";
        for (String level : levels) {
            if (from > topic.length()) {
                return Optional.of(topic + (above.equals("+") ? LEAST : SEPARATOR));
            }
            int to = levelEnd(topic, from);
            if (!fits(level, topic, from, to)) {
                return skipTo(topic.substring(0, from), level, topic);
            }
            from = to + 1;
            above = level;
        }
        return after(topic.substring(0, from)); // the topic is deeper
    }

    /** Below these first levels only this level matches: itself and what is below it. */
    private static Optional<String> skipTo(String start, String level, String topic) {
        String itself = start + level;
        if (topic.compareTo(itself) < 0) {
            return Optional.of(itself);
        }
        String below = itself + SEPARATOR;
        return topic.compareTo(below) < 0 ? Optional.of(below) : after(start);
    }
}
