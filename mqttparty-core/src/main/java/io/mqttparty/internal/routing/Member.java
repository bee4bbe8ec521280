package io.mqttparty.internal.routing;

import org.jspecify.annotations.Nullable;

/** One member, which is also the slot and the snapshot of a node that has no other. */
final class Member<K, V> implements Slot<K, V>, Members<K, V> {
    /** Where the newest vector has it; only the writer looks at it. */
    int position;

    private final K key;
    private final V value;

    Member(K key, V value) {
        this.key = key;
        this.value = value;
    }

    K key() {
        return key;
    }

    V value() {
        return value;
    }

    @Override
    public int size() {
        return 1;
    }

    @Override
    public K key(int index) {
        return key;
    }

    @Override
    public V value(int index) {
        return value;
    }

    @Override
    public Members<K, V> members() {
        return this;
    }

    @Override
    public @Nullable V valueOf(K other) {
        return key.equals(other) ? value : null;
    }

    @Override
    public Slot<K, V> with(Member<K, V> member) {
        return key.equals(member.key) ? member : new MemberMap<>(this, member);
    }

    @Override
    public @Nullable Slot<K, V> without(K other) {
        return key.equals(other) ? null : this;
    }
}
