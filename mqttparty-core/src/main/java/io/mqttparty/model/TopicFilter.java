package io.mqttparty.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a subscription selects by (section 4.7): a topic with wildcards, parsed once. {@code $share/group/filter} makes it shared: each
 * message goes to one member of the group (MQTT 5, section 4.8.2; offered to 3.1.1 clients too).
 */
public final class TopicFilter {
    private static final String SHARE = "$share";
    /** Selects the same as {@code #}, since every topic has a first level. */
    private static final List<String> ANY_TOPIC = List.of("+", "#");

    private final String value;
    private final @Nullable String group;
    private final List<String> levels;
    private final boolean wildcard;

    private TopicFilter(String value, @Nullable String group, List<String> levels) {
        this.value = value;
        this.group = group;
        this.levels = levels;
        this.wildcard = levels.contains("+") || levels.contains("#");
    }

    /**
     * The topic filter with this text.
     *
     * @throws IllegalArgumentException if the standard does not allow it
     */
    public static TopicFilter of(String value) {
        TopicRules.checkedUtf8("topicFilter", value);
        List<String> all = split(value);
        TopicProblem problem = problemOf(all);
        if (problem != null) {
            throw problem.illegalArgument("topicFilter", value);
        }
        return build(value, all);
    }

    /**
     * The topic filter with this text, which came from a peer: a decoder has found it to be well-formed, without U+0000 and of at most
     * 65,535 bytes.
     *
     * @throws MalformedPacketException if the standard does not allow it
     */
    public static TopicFilter fromPeer(String value) {
        List<String> all = split(value);
        TopicProblem problem = value.isEmpty() ? TopicProblem.EMPTY : problemOf(all); // [MQTT-4.7.3-1]
        if (problem != null) {
            throw problem.malformed(ReasonCode.TOPIC_FILTER_INVALID);
        }
        return build(value, all);
    }

    private static TopicFilter build(String value, List<String> all) {
        return isShare(all)
                ? new TopicFilter(value, all.get(1), List.copyOf(all.subList(2, all.size())))
                : new TopicFilter(value, null, List.copyOf(all));
    }

    private static @Nullable TopicProblem problemOf(List<String> all) {
        if (!isShare(all)) {
            return wildcardProblem(all);
        }
        boolean hasGroup = all.size() > 2 && !all.get(1).isEmpty() && !hasWildcard(all.get(1));
        boolean hasFilter = all.size() > 3 || (all.size() == 3 && !all.get(2).isEmpty());
        return hasGroup && hasFilter ? wildcardProblem(all.subList(2, all.size())) : TopicProblem.SHARE;
    }

    private static @Nullable TopicProblem wildcardProblem(List<String> levels) {
        for (int i = 0; i < levels.size(); i++) {
            String level = levels.get(i);
            boolean alone = level.length() == 1;
            if (level.indexOf('#') >= 0 && (!alone || i < levels.size() - 1)) { // [MQTT-4.7.1-2]
                return TopicProblem.MULTI_LEVEL;
            }
            if (level.indexOf('+') >= 0 && !alone) { // [MQTT-4.7.1-3]
                return TopicProblem.SINGLE_LEVEL;
            }
        }
        return null;
    }

    private static boolean isShare(List<String> all) {
        return all.get(0).equals(SHARE);
    }

    private static boolean hasWildcard(String level) {
        return level.indexOf('+') >= 0 || level.indexOf('#') >= 0;
    }

    private static List<String> split(String value) {
        List<String> levels = new ArrayList<>();
        int start = 0;
        for (int slash = value.indexOf('/'); slash >= 0; slash = value.indexOf('/', start)) {
            levels.add(value.substring(start, slash));
            start = slash + 1;
        }
        levels.add(value.substring(start));
        return levels;
    }

    /** The filter as text, with {@code $share/group/} where it is shared. */
    public String value() {
        return value;
    }

    /** The group of a shared subscription. */
    public Optional<String> shareGroup() {
        return Optional.ofNullable(group);
    }

    /** Whether it is a shared subscription. */
    public boolean isShared() {
        return group != null;
    }

    /** The levels that are matched, without {@code $share} and the group. */
    public List<String> levels() {
        return levels;
    }

    /** Whether one of the levels is {@code +} or {@code #}. */
    public boolean hasWildcard() {
        return wildcard;
    }

    /** What is matched, as text: the filter without {@code $share/group/}. */
    public String matchedValue() {
        return group == null ? value : value.substring(SHARE.length() + 1 + group.length() + 1);
    }

    /** Whether a message published to this topic is selected. A leading wildcard does not match a topic that starts with {@code $}. */
    public boolean matches(TopicName topic) {
        return covers(split(topic.value()), topic.isReserved());
    }

    /**
     * Whether every topic that the other filter can match is matched by this one too: what an {@code Authorizer} asks before it grants a
     * subscription to somebody who may read this filter.
     */
    public boolean covers(TopicFilter other) {
        return covers(other.levels, other.levels.get(0).startsWith("$"));
    }

    private boolean covers(List<String> other, boolean reserved) {
        if (reserved && isWildcard(levels.get(0))) { // [MQTT-4.7.2-1]
            return false;
        }
        if (other.get(0).equals("#") && levels.equals(ANY_TOPIC)) {
            return true;
        }
        for (int i = 0; i < levels.size(); i++) {
            String mine = levels.get(i);
            if (mine.equals("#")) {
                return true;
            }
            if (i >= other.size()) {
                return false;
            }
            String theirs = other.get(i);
            boolean fits = mine.equals("+") ? !theirs.equals("#") : mine.equals(theirs);
            if (!fits) {
                return false;
            }
        }
        return levels.size() == other.size();
    }

    private static boolean isWildcard(String level) {
        return level.equals("+") || level.equals("#");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TopicFilter that && (this == that || value.equals(that.value));
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    /** The filter as text. */
    @Override
    public String toString() {
        return value;
    }
}
