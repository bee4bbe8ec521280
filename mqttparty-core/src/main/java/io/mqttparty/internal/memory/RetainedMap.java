package io.mqttparty.internal.memory;

import io.mqttparty.model.Message;
import io.mqttparty.model.MqttPartyException;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.spi.RetainedStore.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The retained messages, ordered by topic, so that the literal beginning of a filter is a range. */
final class RetainedMap {
    /** How many messages one page looks at; the caller comes back for the rest. */
    private static final int VISITS = 2_048;

    private final long maxMessages;
    private final long maxBytes;
    private final NavigableMap<String, Message> messages = new ConcurrentSkipListMap<>();
    private final AtomicLong count = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();

    RetainedMap(long maxMessages, long maxBytes) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
    }

    /** Stores a message, or removes the stored one if the payload is empty; throws if there is no room. */
    void put(Message message) {
        String topic = message.topic().value();
        if (message.payload().isEmpty()) { // [MQTT-3.3.1-10] [MQTT-3.3.1-11]
            account(messages.remove(topic), null);
        } else {
            checkRoom(topic, message);
            account(messages.put(topic, message.withRetain(true)), message);
        }
    }

    private void checkRoom(String topic, Message message) {
        Message before = messages.get(topic);
        long bytesAfter = bytes.get() + size(message) - (before == null ? 0 : size(before));
        if ((before == null && count.get() >= maxMessages) || bytesAfter > maxBytes) {
            throw new MqttPartyException("retained: " + count + " messages of " + bytes + " bytes (expected: less)");
        }
    }

    private void account(@Nullable Message before, @Nullable Message after) {
        count.addAndGet((after == null ? 0 : 1) - (before == null ? 0 : 1));
        bytes.addAndGet((after == null ? 0 : size(after)) - (before == null ? 0 : size(before)));
    }

    private static long size(Message message) {
        return (long) message.topic().utf8Length() + message.payload().size();
    }

    /** The message of one topic. */
    @Nullable
    Message get(String topic) {
        return messages.get(topic);
    }

    /** One page of the messages that match. */
    Page match(TopicFilter filter, String after, int max) {
        List<Message> found = new ArrayList<>();
        String prefix = literalPrefix(filter);
        String last = after;
        if (after.isEmpty()) {
            last = matchedBesides(filter, prefix);
            Message message = messages.get(last);
            if (message != null) {
                found.add(message);
            }
        }
        return filter.hasWildcard() ? scan(filter, prefix, last, max, found) : new Page(found, Optional.empty());
    }

    private Page scan(TopicFilter filter, String prefix, String after, int max, List<Message> found) {
        boolean within = after.compareTo(prefix) >= 0;
        String last = after;
        int visits = 0;
        for (Message each : messages.tailMap(within ? after : prefix, !within).values()) {
            if (!each.topic().value().startsWith(prefix)) {
                break;
            }
            if (found.size() >= max || visits == VISITS) {
                return new Page(found, Optional.of(last));
            }
            if (filter.matches(each.topic())) {
                found.add(each);
            }
            last = each.topic().value();
            visits++;
        }
        return new Page(found, Optional.empty());
    }

    /** The levels before the first wildcard, each with its separator: every match but one begins so. */
    private static String literalPrefix(TopicFilter filter) {
        StringBuilder prefix = new StringBuilder();
        for (String level : filter.levels()) {
            if (level.equals("+") || level.equals("#")) {
                break;
            }
            prefix.append(level).append('/');
        }
        return prefix.toString();
    }

    /** The one match that does not begin so: the topic itself without wildcard, the parent of {@code #} with one; else empty. */
    private static String matchedBesides(TopicFilter filter, String prefix) {
        boolean besides = !filter.hasWildcard() || filter.matchedValue().equals(prefix + "#");
        return besides && !prefix.isEmpty() ? prefix.substring(0, prefix.length() - 1) : "";
    }
}
