package io.mqttparty.internal.routing;

import org.jspecify.annotations.Nullable;

/**
 * Where a node keeps members: at least one. The common case, exactly one, costs one object. Readers take {@link #members()} at any time, the
 * other methods belong to the writer.
 */
sealed interface Slot<K, V> permits Member, MemberMap {
    /** All members at this moment. */
    Members<K, V> members();

    /** What is kept for this member; null if it is none. */
    @Nullable
    V valueOf(K key);

    /** What to use in place of this slot from now on: all members and this one, which replaces the one with the same key. */
    Slot<K, V> with(Member<K, V> member);

    /** What to use in place of this slot from now on: all members without this one; null if nobody is left. */
    @Nullable
    Slot<K, V> without(K key);
}
