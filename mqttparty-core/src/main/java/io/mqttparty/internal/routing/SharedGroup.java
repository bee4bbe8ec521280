package io.mqttparty.internal.routing;

import io.mqttparty.model.TopicFilter;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The subscribers that share one filter under one group name (MQTT 5, section 4.8.2). It stays the same object for as long as it has a
 * member, so that the caller may keep it with the rest of a match.
 *
 * @param <K> what identifies a subscriber
 * @param <V> what is kept for a subscription
 */
public final class SharedGroup<K, V> {
    private final String name;
    private final TopicFilter filter;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger nextOfSome = new AtomicInteger();
    private volatile Slot<K, V> members;

    SharedGroup(String name, TopicFilter filter, Member<K, V> first) {
        this.name = name;
        this.filter = filter;
        this.members = first;
    }

    /** The name of the group. */
    public String name() {
        return name;
    }

    /** What they share, with the name of the group. */
    public TopicFilter filter() {
        return filter;
    }

    /** Those who share at this moment; never empty: of a group that has ended, the last one. Take it once per choice. */
    public Members<K, V> members() {
        return members.members();
    }

    /** A number, at least 0, that grows by one with each call: modulo the size, it is the index to try first. */
    public int nextIndex() {
        return next.getAndIncrement() & Integer.MAX_VALUE;
    }

    /** The same for choices among some of the members only, so that both kinds of choice go round by themselves. */
    public int nextIndexOfSome() {
        return nextOfSome.getAndIncrement() & Integer.MAX_VALUE;
    }

    @Nullable
    V valueOf(K subscriber) {
        return members.valueOf(subscriber);
    }

    void put(Member<K, V> member) {
        members = members.with(member);
    }

    /** Removes the subscriber; false, and nothing changes, if nobody would be left. */
    boolean removeUnlessLast(K subscriber) {
        Slot<K, V> rest = members.without(subscriber);
        if (rest == null) {
            return false;
        }
        members = rest;
        return true;
    }
}
