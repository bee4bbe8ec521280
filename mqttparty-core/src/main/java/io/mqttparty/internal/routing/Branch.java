package io.mqttparty.internal.routing;

import org.jspecify.annotations.Nullable;

/** One level of the filters with wildcards. Its children by a literal level are in the {@link NodeTable} that all branches share. */
final class Branch<K, V> extends Node<K, V> {
    /** The child for {@code +}. */
    volatile @Nullable Branch<K, V> single;
    /** The child for {@code #}. */
    volatile @Nullable Node<K, V> multi;
    /** How many children the table has. */
    private volatile int literals;

    Branch(@Nullable Branch<K, V> parent, String level, int hash) {
        super(parent, level, hash);
    }

    boolean hasLiterals() {
        return literals > 0;
    }

    /** For the writer: a literal child has come (1) or gone (-1). */
    void countLiteral(int change) {
        int before = literals;
        literals = before + change;
    }

    boolean hasChildren() {
        return hasLiterals() || single != null || multi != null;
    }

    @Override
    boolean isUnused() {
        return super.isUnused() && !hasChildren();
    }
}
