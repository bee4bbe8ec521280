package io.mqttparty.internal.routing;

import io.mqttparty.model.TopicFilter;
import org.jspecify.annotations.Nullable;

/**
 * Where one filter ends: its subscribers and its groups. A filter without wildcards is one node without a parent, whose level is the whole
 * filter; so is a trailing {@code #} below a {@link Branch}.
 */
class Node<K, V> {
    final @Nullable Branch<K, V> parent;
    final String level;
    final int hash;

    private volatile @Nullable Slot<K, V> subscribers;
    private volatile @Nullable Slot<String, SharedGroup<K, V>> groups;

    Node(@Nullable Branch<K, V> parent, String level, int hash) {
        this.parent = parent;
        this.level = level;
        this.hash = hash;
    }

    /** Whether this is the node below that parent for the level in this range of a text. */
    final boolean is(@Nullable Branch<K, V> otherParent, int otherHash, String text, int from, int to) {
        return hash == otherHash
                && parent == otherParent
                && level.length() == to - from
                && (level.length() == text.length() ? level.equals(text) : text.startsWith(level, from));
    }

    /** Whether nothing needs it. */
    boolean isUnused() {
        return subscribers == null && groups == null;
    }

    final void report(TopicTree.Sink<K, V> sink) {
        Slot<K, V> slot = subscribers;
        if (slot != null) {
            Members<K, V> members = slot.members();
            for (int i = 0; i < members.size(); i++) {
                sink.onMatch(members.key(i), members.value(i));
            }
        }
        reportGroups(sink);
    }

    private void reportGroups(TopicTree.Sink<K, V> sink) {
        Slot<String, SharedGroup<K, V>> slot = groups;
        if (slot != null) {
            Members<String, SharedGroup<K, V>> members = slot.members();
            for (int i = 0; i < members.size(); i++) {
                sink.onSharedMatch(members.value(i));
            }
        }
    }

    final @Nullable V put(Member<K, V> member) {
        Slot<K, V> slot = subscribers;
        V previous = slot == null ? null : slot.valueOf(member.key());
        subscribers = slot == null ? member : slot.with(member);
        return previous;
    }

    final @Nullable V putShared(String groupName, TopicFilter filter, Member<K, V> member) {
        SharedGroup<K, V> group = group(groupName);
        if (group != null) {
            V previous = group.valueOf(member.key());
            group.put(member);
            return previous;
        }
        Member<String, SharedGroup<K, V>> added = new Member<>(groupName, new SharedGroup<>(groupName, filter, member));
        groups = groups == null ? added : groups.with(added);
        return null;
    }

    final @Nullable V remove(K subscriber) {
        Slot<K, V> slot = subscribers;
        V previous = slot == null ? null : slot.valueOf(subscriber);
        if (slot != null) {
            subscribers = slot.without(subscriber);
        }
        return previous;
    }

    final @Nullable V removeShared(String groupName, K subscriber) {
        SharedGroup<K, V> group = group(groupName);
        V previous = group == null ? null : group.valueOf(subscriber);
        if (group != null && groups != null && !group.removeUnlessLast(subscriber)) {
            groups = groups.without(groupName);
        }
        return previous;
    }

    final @Nullable SharedGroup<K, V> group(String name) {
        Slot<String, SharedGroup<K, V>> slot = groups;
        return slot == null ? null : slot.valueOf(name);
    }
}
