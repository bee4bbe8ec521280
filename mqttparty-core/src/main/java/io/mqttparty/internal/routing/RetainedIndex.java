package io.mqttparty.internal.routing;

import io.mqttparty.model.Message;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.TopicName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The retained message of each topic (section 3.3.1.3), in the order of the topics as strings. Any thread may call any method; nothing takes a
 * lock.
 */
public final class RetainedIndex {
    /** How many topics a call of {@link #match} looks at, for each result that was asked for. */
    static final int VISITS_PER_RESULT = 16;
    /** After so many topics in a row that do not match, a search for the next that can is cheaper than going on. */
    private static final int MISSES_BEFORE_SKIP = 8;

    private final ConcurrentSkipListMap<String, Message> messages = new ConcurrentSkipListMap<>();
    private final AtomicInteger size = new AtomicInteger();

    /** Makes this the message of its topic; returns the one before. */
    public Optional<Message> put(Message message) {
        Message previous = messages.put(message.topic().value(), message);
        if (previous == null) {
            size.incrementAndGet();
        }
        return Optional.ofNullable(previous);
    }

    /** Removes the message of a topic; returns it. */
    public Optional<Message> remove(TopicName topic) {
        Message previous = messages.remove(topic.value());
        if (previous != null) {
            size.decrementAndGet();
        }
        return Optional.ofNullable(previous);
    }

    /** The message of a topic. */
    public Optional<Message> get(TopicName topic) {
        return Optional.ofNullable(messages.get(topic.value()));
    }

    /** How many topics have a message. */
    public int size() {
        return size.get();
    }

    /**
     * One page of the messages whose topics match, ordered by topic. A call looks at a bounded number of topics, whether they match or not:
     * a page may have fewer messages than asked for, or none, and yet not be the last.
     *
     * @param after the {@code next} of the page before; empty for the first page
     * @param max how many at most, at least 1
     */
    public Page match(TopicFilter filter, String after, int max) {
        if (max < 1) {
            throw new IllegalArgumentException("max: " + max + " (expected: at least 1)");
        }
        return filter.hasWildcard() ? scan(new FilterRange(filter), after, max) : exact(filter.matchedValue(), after);
    }

    private Page exact(String topic, String after) {
        Message message = after.compareTo(topic) < 0 ? messages.get(topic) : null;
        return new Page(message == null ? List.of() : List.of(message), Optional.empty());
    }

    private Page scan(FilterRange range, String after, int max) {
        List<Message> found = new ArrayList<>();
        String last = after;
        Optional<Message> parent =
                range.parent().filter(topic -> after.compareTo(topic) < 0).map(messages::get);
        if (parent.isPresent()) {
            found.add(parent.get());
            last = parent.get().topic().value();
        }
        boolean firstVisit = last.compareTo(range.prefix()) < 0;
        Iterator<Map.Entry<String, Message>> rest =
                firstVisit ? from(range.prefix(), true, range) : from(last, false, range);
        long visitsLeft = (long) max * VISITS_PER_RESULT;
        int misses = 0;
        while (rest.hasNext()) {
            if (found.size() == max || visitsLeft-- == 0) {
                return new Page(found, Optional.of(last));
            }
            Map.Entry<String, Message> entry = rest.next();
            last = entry.getKey();
            if (range.matches(last)) { // [MQTT-3.3.2-3]
                found.add(entry.getValue());
                misses = 0;
            } else if (++misses == MISSES_BEFORE_SKIP) {
                Optional<String> next = range.skip(last);
                rest = next.isEmpty() ? Collections.emptyIterator() : from(next.get(), true, range);
                misses = 0;
            }
        }
        return new Page(found, Optional.empty());
    }

    private Iterator<Map.Entry<String, Message>> from(String topic, boolean inclusive, FilterRange range) {
        Optional<String> end = range.end();
        NavigableMap<String, Message> tail = messages.tailMap(topic, inclusive);
        if (end.isEmpty()) {
            return tail.entrySet().iterator();
        }
        return topic.compareTo(end.get()) < 0
                ? tail.headMap(end.get(), false).entrySet().iterator()
                : Collections.emptyIterator();
    }

    /**
     * A page of retained messages.
     *
     * @param messages that match
     * @param next what to ask the next page after; empty if this is the last
     */
    public record Page(List<Message> messages, Optional<String> next) {
        /** Copies the list. */
        public Page {
            messages = List.copyOf(messages);
        }
    }
}
