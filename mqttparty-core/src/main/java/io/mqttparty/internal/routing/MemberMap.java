package io.mqttparty.internal.routing;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Two members or more: a vector that readers take as it is, and for many members the writer's index of who stands where. */
final class MemberMap<K, V> implements Slot<K, V> {
    private static final int INDEXED_FROM = 17;
    /** An index keeps the room of its best days: it is built anew when this few of so many are left. */
    private static final int SHRINK_FACTOR = 8;

    private volatile MemberVector<K, V> members;
    private @Nullable Map<K, Member<K, V>> index;
    private int indexedAtMost;

    MemberMap(Member<K, V> first, Member<K, V> second) {
        first.position = 0;
        second.position = 1;
        members = new MemberVector<K, V>().with(0, first).with(1, second);
    }

    @Override
    public Members<K, V> members() {
        return members;
    }

    @Override
    public @Nullable V valueOf(K key) {
        Member<K, V> member = find(key);
        return member == null ? null : member.value();
    }

    @Override
    public Slot<K, V> with(Member<K, V> member) {
        Member<K, V> replaced = find(member.key());
        member.position = replaced == null ? members.size() : replaced.position;
        members = members.with(member.position, member);
        if (index != null) {
            index.put(member.key(), member);
            indexedAtMost = Math.max(indexedAtMost, index.size());
        } else if (members.size() >= INDEXED_FROM) {
            buildIndex();
        }
        return this;
    }

    @Override
    public Slot<K, V> without(K key) {
        Member<K, V> removed = find(key);
        if (removed == null) {
            return this;
        }
        MemberVector<K, V> rest = withoutPosition(removed.position);
        if (rest.size() == 1) {
            return rest.get(0);
        }
        members = rest;
        if (index != null) {
            index.remove(key);
            shrinkIndex();
        }
        return this;
    }

    /** The last one takes the place of the one that goes. */
    private MemberVector<K, V> withoutPosition(int position) {
        Member<K, V> last = members.get(members.size() - 1);
        MemberVector<K, V> rest = members.withoutLast();
        if (position == rest.size()) {
            return rest;
        }
        last.position = position;
        return rest.with(position, last);
    }

    private @Nullable Member<K, V> find(K key) {
        if (index != null) {
            return index.get(key);
        }
        for (int i = 0; i < members.size(); i++) {
            if (members.key(i).equals(key)) {
                return members.get(i);
            }
        }
        return null;
    }

    private void shrinkIndex() {
        if (members.size() < INDEXED_FROM / 2) {
            index = null;
        } else if (members.size() < indexedAtMost / SHRINK_FACTOR) {
            buildIndex();
        }
    }

    private void buildIndex() {
        Map<K, Member<K, V>> built = new HashMap<>();
        for (int i = 0; i < members.size(); i++) {
            built.put(members.key(i), members.get(i));
        }
        index = built;
        indexedAtMost = built.size();
    }
}
