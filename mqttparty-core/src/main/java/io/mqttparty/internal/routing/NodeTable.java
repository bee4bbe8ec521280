package io.mqttparty.internal.routing;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Nodes by parent and level: one hash table with open addressing for all of them, so that the number of siblings is of no matter and a node
 * costs two or three words.
 *
 * <p>One writer at a time; readers take no lock. A reader that looks for a node that is there all the time finds it: a slot between its home and its place
 * becomes empty at no time (a removed node leaves a mark unless the chain ends there), and a new array is complete before it is visible; the old one stays as it is.
 */
final class NodeTable<K, V, N extends Node<K, V>> {
    private static final int MIN_CAPACITY = 16;
    /** The mark of a removed node: a level with a wildcard is never looked up here. */
    private static final Node<?, ?> REMOVED = new Node<>(null, "+", 0);

    private volatile AtomicReferenceArray<@Nullable Node<?, ?>> slots = new AtomicReferenceArray<>(MIN_CAPACITY);
    private volatile int size;
    private int used;

    int size() {
        return size;
    }

    int capacity() {
        return slots.length();
    }

    /** The node below this parent for the level in this range of the text. */
    @SuppressWarnings("unchecked") // add() stores nodes of this type only
    @Nullable
    N find(@Nullable Branch<K, V> parent, int hash, String text, int from, int to) {
        AtomicReferenceArray<@Nullable Node<?, ?>> array = slots;
        int mask = array.length() - 1;
        for (int i = hash & mask; ; i = (i + 1) & mask) {
            Node<K, V> node = (Node<K, V>) array.get(i);
            if (node == null || node.is(parent, hash, text, from, to)) {
                return (N) node;
            }
        }
    }

    /** Adds a node that is not there. */
    void add(N node) {
        int before = size;
        if ((used + 1) * 3L > slots.length() * 2L) {
            rebuild();
        }
        used += place(slots, node);
        size = before + 1;
    }

    /** Removes a node that is there. */
    void remove(N node) {
        AtomicReferenceArray<@Nullable Node<?, ?>> array = slots;
        int before = size;
        int mask = array.length() - 1;
        int i = node.hash & mask;
        while (array.get(i) != node) {
            i = (i + 1) & mask;
        }
        array.set(i, REMOVED);
        size = before - 1;
        sweepBack(array, i);
        if (array.length() > MIN_CAPACITY && size * 8L < array.length()) {
            rebuild();
        }
    }

    /** Marks at the end of a chain are not needed. */
    private void sweepBack(AtomicReferenceArray<@Nullable Node<?, ?>> array, int end) {
        int mask = array.length() - 1;
        if (array.get((end + 1) & mask) != null) {
            return;
        }
        for (int i = end; array.get(i) == REMOVED; i = (i - 1) & mask) {
            array.set(i, null);
            used--;
        }
    }

    private void rebuild() {
        int capacity = MIN_CAPACITY;
        while (capacity < size * 2L) {
            capacity *= 2;
        }
        AtomicReferenceArray<@Nullable Node<?, ?>> old = slots;
        AtomicReferenceArray<@Nullable Node<?, ?>> built = new AtomicReferenceArray<>(capacity);
        int placed = 0;
        for (int i = 0; i < old.length(); i++) {
            Node<?, ?> node = old.getPlain(i);
            if (node != null && node != REMOVED) {
                placed += place(built, node);
            }
        }
        used = placed;
        slots = built;
    }

    /** Puts the node into its place and says how many more slots are in use. */
    private static int place(AtomicReferenceArray<@Nullable Node<?, ?>> array, Node<?, ?> node) {
        int mask = array.length() - 1;
        int i = node.hash & mask;
        Node<?, ?> found = array.get(i);
        while (found != null && found != REMOVED) {
            i = (i + 1) & mask;
            found = array.get(i);
        }
        array.set(i, node);
        return found == null ? 1 : 0;
    }
}
