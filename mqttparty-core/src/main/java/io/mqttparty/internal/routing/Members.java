package io.mqttparty.internal.routing;

/**
 * The members of something at one moment: never changes, so that an index stays valid for as long as the caller keeps it.
 *
 * @param <K> what identifies a member
 * @param <V> what is kept for it
 */
public sealed interface Members<K, V> permits Member, MemberVector {
    /** How many there are. */
    int size();

    /** The member at this index, 0 to size - 1, in no particular order. */
    K key(int index);

    /** What is kept for the member at this index. */
    V value(int index);
}
