package io.mqttparty.internal.routing;

import io.mqttparty.model.TopicName;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One walk of a topic through the filters with wildcards: level by level, with all branches that the topic has reached so far. Each branch is
 * reached at most once, so that the work is bounded by the number of filters, whatever their wildcards are.
 */
final class WildcardWalk<K, V> {
    private static final int INITIAL_WIDTH = 8;

    private final FilterNodes<K, V> nodes;
    private final TopicTree.Sink<K, V> sink;
    private Branch<K, V>[] reached;
    private int count;

    WildcardWalk(FilterNodes<K, V> nodes, TopicTree.Sink<K, V> sink) {
        this.nodes = nodes;
        this.sink = sink;
        this.reached = newArray();
    }

    @SuppressWarnings("unchecked")
    private static <K, V> Branch<K, V>[] newArray() {
        return (Branch<K, V>[]) new Branch<?, ?>[INITIAL_WIDTH];
    }

    void run(TopicName topic) {
        String text = topic.value();
        int end = levelEnd(text, 0);
        if (topic.isReserved()) {
            enterReserved(text, end);
        } else {
            append(nodes.root);
            reportMultis();
            advance(text, 0, end);
        }
        while (end < text.length() && count > 0) {
            int from = end + 1;
            end = levelEnd(text, from);
            advance(text, from, end);
        }
        for (int i = 0; i < count; i++) {
            reached[i].report(sink);
        }
    }

    private static int levelEnd(String text, int from) {
        int slash = text.indexOf('/', from);
        return slash < 0 ? text.length() : slash;
    }

    /** Neither the {@code +} nor the {@code #} of the root. */
    private void enterReserved(String text, int end) {
        Branch<K, V> branch = literal(nodes.root, nodes.hash.of(text, 0, end), text, 0, end); // [MQTT-4.7.2-1]
        if (branch != null) {
            append(branch);
            reportMultis();
        }
    }

    /** Goes one level down from every branch. Literal children take the places of their parents, the others are added behind. */
    private void advance(String text, int from, int to) {
        long levelHash = nodes.hash.of(text, from, to);
        int parents = count;
        int kept = 0;
        for (int i = 0; i < parents; i++) {
            Branch<K, V> parent = reached[i];
            Branch<K, V> single = parent.single;
            if (single != null) {
                append(single);
            }
            Branch<K, V> literal = literal(parent, levelHash, text, from, to);
            if (literal != null) {
                reached[kept++] = literal;
            }
        }
        System.arraycopy(reached, parents, reached, kept, count - parents);
        count += kept - parents;
        reportMultis();
    }

    private @Nullable Branch<K, V> literal(Branch<K, V> parent, long levelHash, String text, int from, int to) {
        return !parent.hasLiterals()
                ? null
                : nodes.branches.find(
                        parent, nodes.hash.below(parent.hash, levelHash), text, from, to); // [MQTT-4.7.3-4]
    }

    /** A trailing {@code #} matches its parent level and everything below. */
    private void reportMultis() {
        for (int i = 0; i < count; i++) {
            Node<K, V> multi = reached[i].multi;
            if (multi != null) {
                multi.report(sink);
            }
        }
    }

    private void append(Branch<K, V> branch) {
        if (count == reached.length) {
            reached = Arrays.copyOf(reached, count * 2);
        }
        reached[count++] = branch;
    }
}
