package io.mqttparty.internal.memory;

import io.mqttparty.model.QoS;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.spi.SessionStore.RetainedCursor;
import io.mqttparty.spi.SessionStore.SubscriptionChange;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The subscriptions of one session, and the retained messages that are still to be queued for them. Immutable: it changes seldom and is
 * shared with the route log.
 *
 * @param all in the order in which they were made
 * @param cursors at most one for each of them
 */
record Subscriptions(List<Subscription> all, List<RetainedCursor> cursors) {
    static final Subscriptions NONE = new Subscriptions(List.of(), List.of());

    /** What a change makes of these. */
    Merged merge(SubscriptionChange change) {
        Map<TopicFilter, Subscription> merged = new LinkedHashMap<>();
        all.forEach(each -> merged.put(each.filter(), each));
        Map<TopicFilter, RetainedCursor> pending = new LinkedHashMap<>();
        cursors.forEach(each -> pending.put(each.filter(), each));
        for (TopicFilter filter : change.remove()) {
            merged.remove(filter);
            pending.remove(filter);
        }
        Set<TopicFilter> refused = new HashSet<>();
        for (Subscription each : change.add()) {
            TopicFilter filter = each.filter();
            if (!merged.containsKey(filter) && merged.size() >= change.limit()) {
                refused.add(filter);
                continue;
            }
            merged.put(filter, each); // [MQTT-3.8.4-3]
            pending.remove(filter);
            if (each.qos() != QoS.AT_MOST_ONCE && !filter.isShared()) {
                pending.put(filter, new RetainedCursor(filter, each.qos(), ""));
            }
        }
        Subscriptions result = new Subscriptions(List.copyOf(merged.values()), List.copyOf(pending.values()));
        return new Merged(result, refused);
    }

    /** These with a cursor moved on, or removed if there is no next one. */
    Subscriptions advance(RetainedCursor from, List<RetainedCursor> next) {
        List<RetainedCursor> moved = cursors.stream()
                .flatMap(each -> each.equals(from) ? next.stream() : Stream.of(each))
                .toList();
        return new Subscriptions(all, moved);
    }

    /**
     * The outcome of a change.
     *
     * @param subscriptions afterwards
     * @param refused filters beyond the limit
     */
    record Merged(Subscriptions subscriptions, Set<TopicFilter> refused) {}
}
