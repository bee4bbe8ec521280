package io.mqttparty.internal.routing;

import java.util.Arrays;

/**
 * Members as an immutable vector: a tree of arrays of up to 32, of which a change copies one per level (four for a million members). Up to 32
 * members are just an array of that length.
 */
final class MemberVector<K, V> implements Members<K, V> {
    private static final int BITS = 5;
    private static final int WIDTH = 1 << BITS;
    private static final int MASK = WIDTH - 1;

    private final int size;
    private final int shift;
    private final Object[] root;

    MemberVector() {
        this(0, 0, new Object[0]);
    }

    private MemberVector(int size, int shift, Object[] root) {
        this.size = size;
        this.shift = shift;
        this.root = root;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public K key(int index) {
        return get(index).key();
    }

    @Override
    public V value(int index) {
        return get(index).value();
    }

    @SuppressWarnings("unchecked") // only with() stores leaves
    Member<K, V> get(int index) {
        Object[] node = root;
        for (int s = shift; s > 0; s -= BITS) {
            node = (Object[]) node[(index >>> s) & MASK];
        }
        return (Member<K, V>) node[index & MASK];
    }

    /** The vector with this member at an index from 0 to size, where size appends. */
    MemberVector<K, V> with(int index, Member<K, V> member) {
        int newSize = Math.max(size, index + 1);
        boolean full = (long) index == 1L << (shift + BITS);
        return full
                ? new MemberVector<>(newSize, shift + BITS, new Object[] {root, path(shift, member)})
                : new MemberVector<>(newSize, shift, changed(root, shift, index, member));
    }

    private static Object[] changed(Object[] node, int shift, int index, Object member) {
        int slot = (index >>> shift) & MASK;
        if (shift == 0) {
            return copyWith(node, slot, member);
        }
        boolean appends = slot == node.length;
        Object child =
                appends ? path(shift - BITS, member) : changed((Object[]) node[slot], shift - BITS, index, member);
        return copyWith(node, slot, child);
    }

    /** A subtree of this height with one member. */
    private static Object[] path(int shift, Object member) {
        Object[] node = {member};
        for (int s = shift; s > 0; s -= BITS) {
            node = new Object[] {node};
        }
        return node;
    }

    private static Object[] copyWith(Object[] node, int slot, Object value) {
        Object[] copy = Arrays.copyOf(node, Math.max(node.length, slot + 1));
        copy[slot] = value;
        return copy;
    }

    /** The vector without its last member. */
    MemberVector<K, V> withoutLast() {
        Object[] rest = trimmed(root, shift, size - 1);
        boolean collapses = shift > 0 && rest.length == 1;
        return collapses
                ? new MemberVector<>(size - 1, shift - BITS, (Object[]) rest[0])
                : new MemberVector<>(size - 1, shift, rest);
    }

    private static Object[] trimmed(Object[] node, int shift, int last) {
        int slot = (last >>> shift) & MASK;
        if (shift == 0) {
            return Arrays.copyOf(node, slot);
        }
        Object[] child = trimmed((Object[]) node[slot], shift - BITS, last);
        return child.length == 0 ? Arrays.copyOf(node, slot) : copyWith(node, slot, child);
    }
}
