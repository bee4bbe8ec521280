package io.mqttparty.internal.routing;

import io.mqttparty.model.TopicFilter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of all filters: those without a wildcard by their text, the others as a tree of levels. One writer at a time; readers take no
 * lock.
 */
final class FilterNodes<K, V> {
    private static final String SINGLE = "+";
    private static final String MULTI = "#";
    private static final int NO_PARENT = 0;

    final TopicHash hash;
    final Branch<K, V> root = new Branch<>(null, "", 1);
    final NodeTable<K, V, Branch<K, V>> branches = new NodeTable<>();

    private final NodeTable<K, V, Node<K, V>> exact = new NodeTable<>();
    private int wildcards;

    FilterNodes(TopicHash hash) {
        this.hash = hash;
    }

    /** How many nodes there are, without the root. */
    int count() {
        return exact.size() + branches.size() + wildcards;
    }

    /** The node of the filter without wildcards that has this text. */
    @Nullable
    Node<K, V> exact(String text) {
        return exact.size() == 0 ? null : exact.find(null, exactHash(text), text, 0, text.length()); // [MQTT-4.7.3-4]
    }

    /** The node of this filter. */
    @Nullable
    Node<K, V> find(TopicFilter filter) {
        if (!filter.hasWildcard()) {
            return exact(filter.matchedValue());
        }
        List<String> levels = filter.levels();
        Branch<K, V> branch = root;
        for (int i = 0; i < levels.size() - 1 && branch != null; i++) {
            branch = child(branch, levels.get(i));
        }
        if (branch == null) {
            return null;
        }
        String last = levels.get(levels.size() - 1);
        return last.equals(MULTI) ? branch.multi : child(branch, last);
    }

    private @Nullable Branch<K, V> child(Branch<K, V> parent, String level) {
        return level.equals(SINGLE)
                ? parent.single
                : branches.find(parent, hashBelow(parent, level), level, 0, level.length());
    }

    /** The node of this filter, made if there is none. */
    Node<K, V> findOrAdd(TopicFilter filter) {
        if (!filter.hasWildcard()) {
            return exactOrAdded(filter.matchedValue());
        }
        Branch<K, V> branch = root;
        for (String level : filter.levels()) {
            if (level.equals(MULTI)) { // always the last
                return multiOrAdded(branch);
            }
            Branch<K, V> child = child(branch, level);
            branch = child == null ? added(branch, level) : child;
        }
        return branch;
    }

    private Node<K, V> exactOrAdded(String text) {
        Node<K, V> found = exact(text);
        if (found != null) {
            return found;
        }
        Node<K, V> node = new Node<>(null, text, exactHash(text));
        exact.add(node);
        return node;
    }

    private Node<K, V> multiOrAdded(Branch<K, V> parent) {
        Node<K, V> node = parent.multi;
        if (node == null) {
            node = new Node<>(parent, MULTI, 0);
            parent.multi = node;
            wildcards++;
        }
        return node;
    }

    private Branch<K, V> added(Branch<K, V> parent, String level) {
        Branch<K, V> branch = new Branch<>(parent, level, hashBelow(parent, level));
        if (level.equals(SINGLE)) {
            parent.single = branch;
            wildcards++;
        } else {
            branches.add(branch);
            parent.countLiteral(1);
        }
        return branch;
    }

    /** Takes out the node if nothing needs it any more, then its parent if nothing needs that, and so on. */
    void prune(Node<K, V> unused) {
        Node<K, V> node = unused;
        while (node != null && node != root && node.isUnused()) {
            Branch<K, V> parent = node.parent;
            if (parent == null) {
                exact.remove(node);
            } else {
                detach(parent, node);
            }
            node = parent;
        }
    }

    private void detach(Branch<K, V> parent, Node<K, V> node) {
        if (parent.multi == node) {
            parent.multi = null;
            wildcards--;
        } else if (parent.single == node) {
            parent.single = null;
            wildcards--;
        } else if (node instanceof Branch<K, V> branch) {
            branches.remove(branch);
            parent.countLiteral(-1);
        }
    }

    private int exactHash(String text) {
        return hash.below(NO_PARENT, hash.of(text, 0, text.length()));
    }

    private int hashBelow(Branch<K, V> parent, String level) {
        return hash.below(parent.hash, hash.of(level, 0, level.length()));
    }
}
