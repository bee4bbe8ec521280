package io.mqttparty.internal.routing;

import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.TopicName;
import org.jspecify.annotations.Nullable;

/**
 * Subscriptions by topic filter (section 4.7). Any thread may call any method; reads take no lock, writes are serialised inside.
 *
 * <p>Structure: a filter without wildcards is one node, found by the hash of its text. The others are a tree of levels in which a branch has fields for its
 * {@code +} and {@code #} children and finds its literal ones in one hash table that all branches share, by (parent, level). The
 * subscribers of a node are an immutable vector behind a volatile field. So a change costs O(levels), with a million siblings
 * and with a million subscribers of one filter; a match costs O(levels) per branch that the topic reaches; nothing recurses over levels; and
 * a node that nobody needs is taken out at once.
 *
 * <p>What a reader sees: a match reports each subscription that is there during the whole of it. One that is put or removed meanwhile may be
 * reported or not.
 *
 * @param <K> what identifies a subscriber
 * @param <V> what is kept for a subscription
 */
public final class TopicTree<K, V> {
    private final Object lock = new Object();
    private final FilterNodes<K, V> nodes;
    private volatile int size;
    private volatile long version;

    /**
     * An empty tree.
     *
     * @param hashSeed a random number that peers cannot know, so that they cannot choose topics whose hashes collide
     */
    public TopicTree(long hashSeed) {
        nodes = new FilterNodes<>(new TopicHash(hashSeed));
    }

    /** Adds the subscription, or replaces the value of the one with the same subscriber and an equal filter; returns the value before. */
    public @Nullable V put(TopicFilter filter, K subscriber, V value) {
        Member<K, V> member = new Member<>(subscriber, value);
        synchronized (lock) {
            Node<K, V> node = nodes.findOrAdd(filter);
            V previous = filter.isShared() ? node.putShared(groupName(filter), filter, member) : node.put(member);
            if (previous == null) {
                size++;
            }
            version++;
            return previous;
        }
    }

    /** Removes the subscription whose filter is equal, character by character; returns its value, or null if there is none. */
    public @Nullable V remove(TopicFilter filter, K subscriber) {
        synchronized (lock) {
            Node<K, V> node = nodes.find(filter); // [MQTT-3.10.4-1]
            if (node == null) {
                return null;
            }
            V previous = filter.isShared() ? node.removeShared(groupName(filter), subscriber) : node.remove(subscriber);
            if (previous != null) {
                nodes.prune(node);
                size--;
                version++;
            }
            return previous;
        }
    }

    /** Those who share this filter, if anybody does. */
    public @Nullable SharedGroup<K, V> group(TopicFilter filter) {
        Node<K, V> node = nodes.find(filter);
        return node == null ? null : node.group(groupName(filter));
    }

    private static String groupName(TopicFilter filter) {
        return filter.shareGroup().orElseThrow();
    }

    /** How many subscriptions there are. */
    public int size() {
        return size;
    }

    /**
     * A number that each change increases. A result of {@link #match} may be used again while the version is the one that was read before
     * that match began.
     *
     * <p>Why it is enough that a change first becomes visible and then increases the version, before {@link #put} or {@link #remove} returns: let a reader
     * read version v, then match. A change that the match missed or saw half was not complete when the match began; its increase comes after
     * that, hence after v was read, so v is never seen again once the change has returned. Until then the change is concurrent with
     * the reader, who may use the old result. (Increasing it before the change would be wrong: a reader could take the new version with the old result, for ever.)
     */
    public long version() {
        return version;
    }

    /**
     * Reports who is to get a message that is published to this topic: every matching subscription once, so that a subscriber with
     * overlapping filters may be reported several times, and every matching group of a shared filter once.
     */
    public void match(TopicName topic, Sink<K, V> sink) {
        Node<K, V> exact = nodes.exact(topic.value());
        if (exact != null) {
            exact.report(sink);
        }
        if (nodes.root.hasChildren()) {
            new WildcardWalk<>(nodes, sink).run(topic);
        }
    }

    /** How many nodes the filters need. */
    int nodeCount() {
        synchronized (lock) {
            return nodes.count();
        }
    }

    /**
     * Takes what a match finds; called on the thread that matches.
     *
     * @param <K> what identifies a subscriber
     * @param <V> what is kept for a subscription
     */
    public interface Sink<K, V> {
        /** A subscription matches. */
        void onMatch(K subscriber, V value);

        /** A shared subscription matches: one of the members is to get the message. */
        void onSharedMatch(SharedGroup<K, V> group);
    }
}
